package source

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// repositoryOf makes a repository with one commit of files, written as git
// fast-import takes them: "M <mode> inline <name>" and the content.
func repositoryOf(t *testing.T, files [][3]string) (r *Repository, commit string) {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed")
	}
	dir := t.TempDir()
	run := func(input string, args ...string) string {
		cmd := exec.Command("git", append([]string{"-C", dir}, args...)...)
		cmd.Stdin = strings.NewReader(input)
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("git %v: %v: %s", args, err, out)
		}
		return strings.TrimSpace(string(out))
	}
	run("", "init", "-q", "-b", "main")
	var b strings.Builder
	b.WriteString("commit refs/heads/main\ncommitter a <a@example.com> 0 +0000\ndata 0\n")
	for _, f := range files {
		fmt.Fprintf(&b, "M %s inline %s\ndata %d\n%s\n", f[0], f[1], len(f[2]), f[2])
	}
	run(b.String(), "fast-import", "--quiet")
	r, err := OpenRepository(dir)
	if err != nil {
		t.Fatal(err)
	}
	return r, run("", "rev-parse", "main")
}

func at(t *testing.T, r *Repository, commit, dir string) *Commit {
	t.Helper()
	c, err := AtCommit(context.Background(), r, commit, dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func names(t *testing.T, tree FS, dir string) string {
	t.Helper()
	entries, err := tree.List(dir)
	if err != nil {
		t.Fatalf("List(%s): %v", dir, err)
	}
	var out []string
	for _, e := range entries {
		out = append(out, e.Name())
	}
	return strings.Join(out, " ")
}

func TestCommitStaysInside(t *testing.T) {
	r, commit := repositoryOf(t, [][3]string{
		{"100644", "top.tf", "top"},
		{"100644", "stack/main.tf", "main"},
		{"100755", "stack/sub/run.tf", "run"},
		{"120000", "stack/near.tf", "sub/run.tf"},
		{"120000", "stack/dir", "sub/../sub"},
		{"120000", "stack/up.tf", "../top.tf"},
		{"120000", "stack/host", "/etc/passwd"},
		{"120000", "stack/loop", "loop"},
		{"100644", "stack/sub.x", "sorts between sub and sub/"},
	})
	whole, below := at(t, r, commit, "."), at(t, r, commit, "stack")
	for _, c := range []struct {
		tree *Commit
		name string
		want string // "" for an error
	}{
		{whole, "stack/main.tf", "main"}, {whole, "stack/near.tf", "run"}, {whole, "stack/dir/run.tf", "run"}, {whole, "stack/up.tf", "top"},
		{below, "main.tf", "main"}, {below, "near.tf", "run"}, {below, "./sub/run.tf", "run"},
		{below, "up.tf", ""}, {below, "host", ""}, {below, "loop", ""}, {below, "../top.tf", ""}, {below, "sub", ""}, {below, "main.tf/x", ""},
	} {
		f, err := c.tree.Read(c.name)
		if (err == nil) != (c.want != "") || err == nil && string(f.Data) != c.want {
			t.Errorf("Read(%s) = %v, %v; want %q", c.name, f, err, c.want)
		}
	}
	if got, want := names(t, below, "."), "dir host loop main.tf near.tf sub sub.x up.tf"; got != want {
		t.Errorf("List: %s\nwant  %s", got, want)
	}
	if info, err := below.Stat("dir"); err != nil || !info.IsDir() || info.Name() != "dir" {
		t.Errorf("Stat follows no link: %v, %v", info, err)
	}
	if info, err := below.Stat("main.tf"); err != nil || info.Size() != 4 || !info.Mode().IsRegular() {
		t.Errorf("Stat(main.tf) = %v, %v", info, err)
	}
	if _, err := at(t, r, commit, "absent").Stat("."); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a directory that is not there: %v", err)
	}
	if err := whole.Err(); err != nil {
		t.Errorf("links that lead nowhere are no failure of git: %v", err)
	}
}

func TestNamesOfATreeLeadNowhereElse(t *testing.T) {
	id := strings.Repeat("\x01", 20)
	var content string
	for _, name := range []string{"..", ".", "", "a/b", `a\b`, ".git", ".GIT", "fine"} {
		content += "100644 " + name + "\x00" + id
	}
	entries, err := parseTree([]byte(content), 20)
	if err != nil || len(entries) != 1 || entries[0].name != "fine" {
		t.Errorf("got %v, %v", entries, err)
	}
	if _, err := parseTree([]byte(content[:len(content)-1]), 20); err == nil {
		t.Error("a tree that is cut off was read")
	}
}

func TestCommitReadsOnlyWhatIsAskedFor(t *testing.T) {
	files := [][3]string{{"100644", "stack/main.tf", "main"}}
	for i := range 10_000 {
		files = append(files, [3]string{"100644", fmt.Sprintf("other/%d/%d.txt", i/100, i), fmt.Sprint(i)})
	}
	r, commit := repositoryOf(t, files)
	c := at(t, r, commit, "stack")
	for range 3 {
		names(t, c, ".")
		if _, err := c.Read("main.tf"); err != nil {
			t.Fatal(err)
		}
	}
	if got, want := c.ObjectsRead(), 4; got != want { // commit, top, stack, main.tf
		t.Errorf("%d objects were read, want %d", got, want)
	}
}

func TestCommitThatIsNotWhole(t *testing.T) {
	r, commit := repositoryOf(t, [][3]string{{"100644", "main.tf", "main"}, {"100644", "other.tf", "other"}})
	c := at(t, r, commit, ".")
	e, err := c.find("main.tf")
	if err != nil {
		t.Fatal(err)
	}
	// fast-import leaves a pack or loose objects: both go.
	unpack := exec.Command("sh", "-c", "mv .git/objects/pack/*.pack p && git unpack-objects -q <p && rm p; rm -f .git/objects/"+e.id[:2]+"/"+e.id[2:])
	unpack.Dir = r.Top()
	if out, err := unpack.CombinedOutput(); err != nil {
		t.Logf("%v: %s", err, out)
	}
	c = at(t, r, commit, ".")
	if _, err := c.Read("main.tf"); err == nil || !strings.Contains(err.Error(), "does not have all its files") {
		t.Errorf("got %v", err)
	}
	if c.Err() == nil {
		t.Error("the failure is forgotten")
	}
}

func TestBaseKeepsWhatGitDoesNot(t *testing.T) {
	r, commit := repositoryOf(t, [][3]string{
		{"100644", "main.tf", "old"}, {"100644", "tracked.tfvars", "old"}, {"100644", "gone.tf", "gone"},
	})
	for name, content := range map[string]string{
		"main.tf": "new", "tracked.tfvars": "new", "untracked.tfvars": "here", "new.tf": "new",
		".terraform/modules/modules.json": "{}", ".terraform/modules/m/main.tf": "module", "new/x.tfvars": "x",
	} {
		file := filepath.Join(r.Top(), name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	disk, err := Open(r.Top())
	if err != nil {
		t.Fatal(err)
	}
	defer disk.Close()
	c := at(t, r, commit, ".")
	head, err := c.Sibling(commit, ".")
	if err != nil {
		t.Fatal(err)
	}
	base := NewBase(c, head, disk)
	for name, want := range map[string]string{
		"main.tf": "old", "tracked.tfvars": "old", "gone.tf": "gone", "untracked.tfvars": "here", "new.tf": "",
		".terraform/modules/m/main.tf": "module", ".terraform/modules/absent": "",
	} {
		f, err := base.Read(name)
		if (err == nil) != (want != "") || err == nil && string(f.Data) != want {
			t.Errorf("Read(%s) = %v, %v; want %q", name, f, err, want)
		}
	}
	if got, want := names(t, base, "."), ".terraform gone.tf main.tf tracked.tfvars untracked.tfvars"; got != want {
		t.Errorf("List: %s\nwant  %s", got, want)
	}
	if got, want := names(t, base, ".terraform/modules"), "m modules.json"; got != want {
		t.Errorf("List: %s\nwant  %s", got, want)
	}
	if info, err := base.Stat(".terraform/modules/m"); err != nil || !info.IsDir() {
		t.Errorf("Stat: %v, %v", info, err)
	}
}

func TestHeadTracksWhatTheBaseHasNot(t *testing.T) {
	r, commit := repositoryOf(t, [][3]string{{"100644", "added.tfvars", "now"}})
	before, _ := repositoryOf(t, [][3]string{{"100644", "main.tf", "old"}})
	old, err := before.output(context.Background(), "rev-parse", "main")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(r.Top(), "added.tfvars"), []byte("now"), 0o600); err != nil {
		t.Fatal(err)
	}
	disk, err := Open(r.Top())
	if err != nil {
		t.Fatal(err)
	}
	defer disk.Close()
	base := NewBase(at(t, before, old, "."), at(t, r, commit, "."), disk)
	if f, err := base.Read("added.tfvars"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, %v", f, err)
	}
}
