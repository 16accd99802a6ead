package main

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// browser is a Chromium that a test drives through the DevTools protocol, over
// a pair of pipes (https://chromedevtools.github.io/devtools-protocol/).
type browser struct {
	t       *testing.T
	to      *os.File
	from    *bufio.Reader
	session string
	last    int
	events  []event
}

type event struct {
	ID     int             `json:"id"`
	Method string          `json:"method"`
	Params json.RawMessage `json:"params"`
	Result json.RawMessage `json:"result"`
	Error  *struct {
		Message string `json:"message"`
	} `json:"error"`
}

type params map[string]any

// newBrowser starts Chromium without a window, and one page in it.
func newBrowser(t *testing.T) *browser {
	t.Helper()
	program := client(t, "chromium")
	theirIn, to, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	from, theirOut, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	command := exec.Command(program, "--headless=new", "--remote-debugging-pipe", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
		"--no-first-run", "--user-data-dir="+t.TempDir(), "about:blank")
	command.ExtraFiles = []*os.File{theirIn, theirOut} // file descriptors 3 and 4
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	theirIn.Close()
	theirOut.Close()
	b := &browser{t: t, to: to, from: bufio.NewReader(from)}
	watchdog := time.AfterFunc(2*time.Minute, func() { _ = command.Process.Kill() })
	t.Cleanup(func() {
		b.session = ""
		_ = b.send("Browser.close", nil)
		_ = command.Wait()
		watchdog.Stop()
		to.Close()
		from.Close()
	})
	var target struct{ TargetID string }
	b.call("Target.createTarget", params{"url": "about:blank"}, &target)
	var attached struct{ SessionID string }
	b.call("Target.attachToTarget", params{"targetId": target.TargetID, "flatten": true}, &attached)
	b.session = attached.SessionID
	for _, domain := range []string{"Page", "Runtime", "Log", "Network", "Performance"} {
		b.call(domain+".enable", nil, nil)
	}
	return b
}

func (b *browser) send(method string, p params) error {
	b.last++
	if p == nil {
		p = params{}
	}
	message := params{"id": b.last, "method": method, "params": p}
	if b.session != "" {
		message["sessionId"] = b.session
	}
	text, err := json.Marshal(message)
	if err != nil {
		return err
	}
	_, err = b.to.Write(append(text, 0))
	return err
}

// read returns the next message and keeps it if it is an event.
func (b *browser) read() event {
	b.t.Helper()
	text, err := b.from.ReadBytes(0)
	if err != nil {
		b.t.Fatalf("chromium ended: %v", err)
	}
	var e event
	if err := json.Unmarshal(text[:len(text)-1], &e); err != nil {
		b.t.Fatal(err)
	}
	if e.Method != "" {
		b.events = append(b.events, e)
	}
	return e
}

func (b *browser) call(method string, p params, result any) {
	b.t.Helper()
	if err := b.send(method, p); err != nil {
		b.t.Fatalf("%s: %v", method, err)
	}
	for {
		e := b.read()
		if e.ID != b.last {
			continue
		}
		if e.Error != nil {
			b.t.Fatalf("%s: %s", method, e.Error.Message)
		}
		if result != nil {
			if err := json.Unmarshal(e.Result, result); err != nil {
				b.t.Fatal(err)
			}
		}
		return
	}
}

// open loads a file.
func (b *browser) open(file string) {
	b.t.Helper()
	path, err := filepath.Abs(file)
	if err != nil {
		b.t.Fatal(err)
	}
	b.events = nil
	b.call("Page.navigate", params{"url": "file://" + path}, nil)
	for !b.happened("Page.loadEventFired") {
		b.read()
	}
}

// layouts is how often the page was laid out since it was opened.
func (b *browser) layouts() int {
	b.t.Helper()
	var answer struct {
		Metrics []struct {
			Name  string
			Value float64
		}
	}
	b.call("Performance.getMetrics", nil, &answer)
	for _, m := range answer.Metrics {
		if m.Name == "LayoutCount" {
			return int(m.Value)
		}
	}
	b.t.Fatal("Chromium does not count layouts")
	return 0
}

func (b *browser) happened(method string) bool {
	for _, e := range b.events {
		if e.Method == method {
			return true
		}
	}
	return false
}

// complaints are errors of the page's script, what its policy blocked, and
// requests for anything but the page.
func (b *browser) complaints() []string {
	var out []string
	requests := 0
	for _, e := range b.events {
		switch e.Method {
		case "Runtime.exceptionThrown", "Log.entryAdded":
			out = append(out, string(e.Params))
		case "Network.requestWillBeSent":
			if requests++; requests > 1 {
				out = append(out, string(e.Params))
			}
		}
	}
	return out
}

// await evaluates until the result is true to JavaScript: following a link
// changes the page a moment later. The watchdog ends it otherwise.
func (b *browser) await(expression string) string {
	b.t.Helper()
	return b.eval(fmt.Sprintf(`new Promise(resolve => {
		const look = () => {
			const value = %s
			if (value) resolve(value)
			else setTimeout(look, 10)
		}
		look()
	})`, expression))
}

// eval runs an expression in the page and returns its value as text.
func (b *browser) eval(expression string) string {
	b.t.Helper()
	var answer struct {
		Result           struct{ Value any }
		ExceptionDetails *struct{ Exception struct{ Description string } }
	}
	b.call("Runtime.evaluate", params{"expression": expression, "returnByValue": true, "awaitPromise": true}, &answer)
	if x := answer.ExceptionDetails; x != nil {
		b.t.Fatalf("%s: %s", expression, x.Exception.Description)
	}
	return fmt.Sprint(answer.Result.Value)
}

// click clicks with the mouse in the middle of an element.
func (b *browser) click(selector string) {
	b.t.Helper()
	var at struct{ X, Y float64 }
	text := b.eval(fmt.Sprintf(`(() => { const e = document.querySelector(%q); e.scrollIntoView({block: "center"});
		const r = e.getBoundingClientRect(); return JSON.stringify({X: r.x + r.width / 2, Y: r.y + r.height / 2}) })()`, selector))
	if err := json.Unmarshal([]byte(text), &at); err != nil {
		b.t.Fatalf("%s: %v", selector, err)
	}
	for _, kind := range []string{"mousePressed", "mouseReleased"} {
		b.call("Input.dispatchMouseEvent", params{"type": kind, "x": at.X, "y": at.Y, "button": "left", "clickCount": 1}, nil)
	}
}

// press presses a key that writes text, or one with a name and code.
func (b *browser) press(key string, code int) {
	b.t.Helper()
	down := params{"type": "keyDown", "key": key, "windowsVirtualKeyCode": code}
	if len(key) == 1 {
		down["text"] = key
	}
	if key == "Enter" {
		down["text"] = "\r"
	}
	b.call("Input.dispatchKeyEvent", down, nil)
	b.call("Input.dispatchKeyEvent", params{"type": "keyUp", "key": key, "windowsVirtualKeyCode": code}, nil)
}

func (b *browser) write(text string) {
	b.t.Helper()
	for _, r := range text {
		b.press(string(r), 0)
	}
}

// look sets the size of the window, in pixels, and the medium.
func (b *browser) look(width, height int, scheme, medium string) {
	b.t.Helper()
	b.call("Emulation.setDeviceMetricsOverride", params{"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false}, nil)
	b.call("Emulation.setEmulatedMedia", params{"media": medium, "features": []params{{"name": "prefers-color-scheme", "value": scheme}}}, nil)
}

// shoot keeps a picture of what is in the window, for people to look at, if
// DEMARC_SCREENSHOTS names a directory.
func (b *browser) shoot(name string) {
	b.t.Helper()
	dir := os.Getenv("DEMARC_SCREENSHOTS")
	if dir == "" {
		return
	}
	var picture struct{ Data string }
	b.call("Page.captureScreenshot", params{"format": "png"}, &picture)
	b.keep(filepath.Join(dir, name+".png"), picture.Data)
}

// print prints the page and returns the PDF's size in bytes.
func (b *browser) print(name string) int {
	b.t.Helper()
	var pdf struct{ Data string }
	b.call("Page.printToPDF", params{"printBackground": true, "preferCSSPageSize": true}, &pdf)
	if dir := os.Getenv("DEMARC_SCREENSHOTS"); dir != "" {
		b.keep(filepath.Join(dir, name+".pdf"), pdf.Data)
	}
	return len(pdf.Data) * 3 / 4
}

func (b *browser) keep(file, encoded string) {
	b.t.Helper()
	data, err := base64.StdEncoding.DecodeString(encoded)
	if err == nil {
		err = os.WriteFile(file, data, 0o644)
	}
	if err != nil {
		b.t.Fatal(err)
	}
}
