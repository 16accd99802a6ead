"use strict";
(() => {
  const get = (id) => document.getElementById(id);
  const form = get("filters");
  if (!form) return;

  // A field's data-match says how it compares with the row's data of its name.
  const matches = {
    is: (row, field) => row.data[field.id] === field.value,
    has: (row, field) => row.lists[field.id].includes(field.value),
    part: (row, field) => row.data[field.id].toLowerCase().includes(field.value.trim().toLowerCase()),
    words: (row, field) => field.value.toLowerCase().split(/\s+/).every((word) => row.words.includes(word)),
  };
  const fields = [...form.querySelectorAll("[data-match]")];
  const text = get("text");
  const initial = fields.map((f) => f.value);
  const lists = fields.filter((f) => f.dataset.match === "has").map((f) => f.id);
  const rows = [...document.querySelectorAll(form.dataset.rows)].map((row) => ({
    row,
    data: { ...row.dataset },
    lists: Object.fromEntries(lists.map((id) => [id, row.dataset[id].split(" ")])),
    words: row.querySelector("summary").textContent.toLowerCase(),
  }));
  const groups = [...document.querySelectorAll("[data-group]")];
  const toggles = [...document.querySelectorAll("[data-filter]")];
  const number = new Intl.NumberFormat(document.documentElement.lang);

  const filter = () => {
    const asked = fields.filter((f) => f.value.trim());
    let shown = 0;
    for (const r of rows) {
      const match = asked.every((f) => matches[f.dataset.match](r, f));
      if (r.row.hidden === match) r.row.hidden = !match;
      if (match) shown++;
    }
    for (const g of groups) g.hidden = !g.querySelector(form.dataset.rows + ":not([hidden])");
    get("shown").textContent = get("shown").dataset[shown === rows.length ? "all" : "some"].replace("{n}", number.format(shown)).replace("{total}", number.format(rows.length));
    get("none").hidden = shown > 0;
    get("clear").hidden = fields.every((f, i) => f.value === initial[i]);
    for (const b of toggles) b.setAttribute("aria-pressed", b.dataset.value === get(b.dataset.filter).value);
  };

  const clear = () => {
    fields.forEach((f, i) => { f.value = initial[i]; });
    filter();
  };
  document.addEventListener("click", (e) => {
    const b = e.target.closest("button");
    if (!b) return;
    if (b.dataset.filter) {
      // A tile or a bar is a filter; pressed again, it is none.
      const field = get(b.dataset.filter);
      field.value = field.value === b.dataset.value ? "" : b.dataset.value;
      filter();
    } else if (b.id === "clear") { clear(); text.focus(); }
    else if (b.id === "open") {
      const some = rows.filter((r) => !r.row.hidden).slice(0, 200);
      const open = some.some((r) => !r.row.open);
      for (const r of some) r.row.open = open;
    } else if (b.dataset.show) {
      clear();
      text.value = b.dataset.show;
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

  // A link to what can be opened opens it, and shows it if a filter hides it.
  const reveal = () => {
    const target = location.hash && get(decodeURIComponent(location.hash.slice(1)));
    if (!target || !target.matches("details")) return;
    if (target.hidden) clear();
    target.open = true;
    target.scrollIntoView();
    // Rows get their true height only once they are near.
    requestAnimationFrame(() => requestAnimationFrame(() => target.scrollIntoView()));
  };
  window.addEventListener("hashchange", reveal);
  document.addEventListener("click", (e) => {
    const a = e.target.closest("a");
    if (a && a.hash && a.hash === location.hash) reveal(); // no change of hash tells of it
  });

  form.hidden = false;
  get("open").hidden = false;
  filter();
  reveal();
})();
