"use strict";
(() => {
  const get = (id) => document.getElementById(id);
  const form = get("filters");
  if (!form) return;

  const fields = ["text", "severity", "area", "service", "file", "status"].map(get);
  const [text, severity, area, service, file, status] = fields;
  const initial = fields.map((f) => f.value);
  const rows = [...document.querySelectorAll(".finding")].map((row) => ({
    row,
    ...row.dataset,
    areas: row.dataset.area.split(" "),
    path: row.dataset.file.toLowerCase(),
    words: row.querySelector("summary").textContent.toLowerCase(),
  }));
  const number = new Intl.NumberFormat("en");

  const filter = () => {
    const words = text.value.toLowerCase().split(/\s+/).filter(Boolean);
    const path = file.value.trim().toLowerCase();
    let shown = 0;
    for (const r of rows) {
      const match =
        (!status.value || r.status === status.value) &&
        (!severity.value || r.severity === severity.value) &&
        (!area.value || r.areas.includes(area.value)) &&
        (!service.value || r.service === service.value) &&
        (!path || r.path.includes(path)) &&
        words.every((w) => r.words.includes(w));
      if (r.row.hidden === match) r.row.hidden = !match;
      if (match) shown++;
    }
    get("shown").textContent = shown === rows.length ? number.format(shown) + " shown" : number.format(shown) + " of " + number.format(rows.length) + " shown";
    get("none").hidden = shown > 0;
    get("clear").hidden = fields.every((f, i) => f.value === initial[i]);
    for (const b of document.querySelectorAll("[data-severity][aria-pressed]")) b.setAttribute("aria-pressed", b.dataset.severity === severity.value);
    for (const b of document.querySelectorAll("[data-area][aria-pressed]")) b.setAttribute("aria-pressed", b.dataset.area === area.value);
  };

  // A tile or a bar is a filter; pressed again, it is none.
  const toggle = (field, value) => {
    field.value = field.value === value ? "" : value;
    filter();
  };
  const clear = () => {
    fields.forEach((f, i) => { f.value = initial[i]; });
    filter();
  };
  document.addEventListener("click", (e) => {
    const b = e.target.closest("button");
    if (!b) return;
    if (b.classList.contains("tile")) toggle(severity, b.dataset.severity);
    else if (b.classList.contains("area")) toggle(area, b.dataset.area);
    else if (b.id === "clear") { clear(); text.focus(); }
    else if (b.id === "open") {
      const some = rows.filter((r) => !r.row.hidden).slice(0, 200);
      const open = some.some((r) => !r.row.open);
      for (const r of some) r.row.open = open;
    } else if (b.dataset.rule) {
      clear();
      text.value = b.dataset.rule;
      filter();
      get("findings").scrollIntoView();
      text.focus({ preventScroll: true });
    }
  });
  form.addEventListener("input", filter);
  form.addEventListener("submit", (e) => e.preventDefault());
  document.addEventListener("keydown", (e) => {
    if (e.key === "/" && !e.target.matches("input, select")) { e.preventDefault(); text.focus(); }
    if (e.key === "Escape" && e.target === text && text.value) { text.value = ""; filter(); }
  });

  // A link to a rule opens it.
  const reveal = () => {
    const target = location.hash && get(location.hash.slice(1));
    if (target && target.matches("details")) { target.open = true; target.scrollIntoView(); }
  };
  window.addEventListener("hashchange", reveal);

  form.hidden = false;
  get("open").hidden = false;
  filter();
  reveal();
})();
