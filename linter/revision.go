package linter

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/demarc-dev/demarc/linter/source"
)

// repository is a git repository that is only read, through plumbing that runs
// nothing which the repository's configuration names.
type repository struct {
	ctx context.Context
	top string // its top directory
}

// openRepository finds the repository that holds all paths.
func openRepository(ctx context.Context, paths []string) (*repository, error) {
	top, err := confinement(paths, "")
	if err != nil {
		return nil, err
	}
	if _, err := os.Lstat(filepath.Join(top, ".git")); err != nil {
		return nil, fmt.Errorf("%s is in no git repository, so there is no revision to compare with", paths[0])
	}
	if _, err := exec.LookPath("git"); err != nil {
		return nil, errors.New("comparing with a revision needs git, which is not installed")
	}
	return &repository{ctx, top}, nil
}

// git prepares a command of git. Hooks, monitors, pagers and transports that
// the repository's configuration names are not run, and nothing is fetched;
// filters do not apply to the commands used here.
func (r *repository) git(args ...string) *exec.Cmd {
	cmd := exec.CommandContext(r.ctx, "git", append([]string{
		"--no-pager", "--no-optional-locks", "--no-replace-objects", "-C", r.top,
		"-c", "core.hooksPath=" + os.DevNull, "-c", "core.fsmonitor=false", "-c", "core.untrackedCache=false", "-c", "protocol.allow=never",
	}, args...)...)
	for _, variable := range os.Environ() {
		// A hook's GIT_DIR and GIT_INDEX_FILE are not about this repository.
		if !strings.HasPrefix(variable, "GIT_") {
			cmd.Env = append(cmd.Env, variable)
		}
	}
	cmd.Env = append(cmd.Env, "GIT_ALLOW_PROTOCOL=none", "GIT_NO_LAZY_FETCH=1", "GIT_TERMINAL_PROMPT=0", "LC_ALL=C")
	return cmd
}

// output runs git. Its error is what git says.
func (r *repository) output(args ...string) (string, error) {
	cmd := r.git(args...)
	var problem bytes.Buffer
	cmd.Stderr = &problem
	out, err := cmd.Output()
	if err != nil {
		if text := strings.TrimSpace(problem.String()); text != "" {
			return "", errors.New(strings.TrimPrefix(text, "fatal: "))
		}
		return "", err
	}
	return strings.TrimSpace(string(out)), nil
}

// base is the commit where HEAD left the revision: their merge base.
func (r *repository) base(revision string) (string, error) {
	if revision == "" || strings.HasPrefix(revision, "-") {
		return "", fmt.Errorf("%q is no revision: name a branch, tag or commit", revision)
	}
	// A repository that git refuses (another owner's) says so here.
	shallow, err := r.output("rev-parse", "--is-shallow-repository")
	if err != nil {
		return "", fmt.Errorf("read the git repository: %w", err)
	}
	missing := func(what string) error {
		if shallow == "true" {
			return fmt.Errorf("%s: this clone is shallow: get more of the history with git fetch --deepen=100 origin %s, or check out with fetch-depth: 0", what, revision)
		}
		return fmt.Errorf("%s", what)
	}
	commit, err := r.output("rev-parse", "--verify", "--quiet", revision+"^{commit}")
	if err != nil {
		return "", missing(fmt.Sprintf("there is no revision %q in %s", revision, r.top))
	}
	if _, err := r.output("rev-parse", "--verify", "--quiet", "HEAD^{commit}"); err != nil {
		return "", fmt.Errorf("%s has no commit yet", r.top)
	}
	base, err := r.output("merge-base", commit, "HEAD")
	if err != nil {
		return "", missing(fmt.Sprintf("%s and HEAD have no common commit", revision))
	}
	return base, nil
}

// blob is a file of a commit.
type blob struct {
	name, id string
	link     bool
}

// files lists a commit's regular files and symbolic links.
func (r *repository) files(commit string) ([]blob, error) {
	list, err := r.output("ls-tree", "-r", "-z", "--full-tree", commit)
	if err != nil {
		return nil, fmt.Errorf("list the files of %s: %w", commit, err)
	}
	var out []blob
	for _, line := range strings.Split(list, "\x00") {
		about, name, ok := strings.Cut(line, "\t")
		fields := strings.Fields(about) // mode, type, id
		if !ok || len(fields) != 3 || fields[1] != "blob" || !filepath.IsLocal(filepath.FromSlash(name)) {
			continue
		}
		out = append(out, blob{name: name, id: fields[2], link: fields[0] == "120000"})
	}
	return out, nil
}

// write puts files into a directory. What cannot be read by a scan, since it
// is too large, is left out.
func (r *repository) write(files []blob, dir *os.Root) (err error) {
	cmd := r.git("cat-file", "--batch", "--buffer")
	var problem bytes.Buffer
	cmd.Stderr = &problem
	in, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	go func() {
		w := bufio.NewWriter(in)
		for _, b := range files {
			fmt.Fprintln(w, b.id)
		}
		w.Flush() // what git does not take shows in its answers
		in.Close()
	}()
	answers := bufio.NewReaderSize(out, 1<<16)
	for _, b := range files {
		if err = r.writeOne(b, answers, dir); err != nil {
			err = fmt.Errorf("read %s of the base revision: %w", b.name, err)
			break
		}
	}
	if err != nil {
		ended := errors.Is(err, io.EOF)
		if !ended {
			cmd.Process.Kill() //nolint:errcheck // it may have ended
		}
		cmd.Wait() //nolint:errcheck // the first error tells more
		if ended {
			err = absent(strings.TrimSpace(problem.String()))
		}
		return err
	}
	if err := cmd.Wait(); err != nil {
		return fmt.Errorf("git cat-file: %w: %s", err, strings.TrimSpace(problem.String()))
	}
	return nil
}

// absent is the error of a file that this clone does not have; why is what git
// says, its last line the error.
func absent(why string) error {
	why = strings.TrimPrefix(why[strings.LastIndexByte(why, '\n')+1:], "fatal: ")
	return fmt.Errorf("the clone does not have all its files (%s): clone without --filter, or run git fetch --refetch --no-filter", why)
}

// writeOne reads git's answer for one file: "<id> blob <size>", the content
// and a line end.
func (r *repository) writeOne(b blob, answers *bufio.Reader, dir *os.Root) error {
	header, err := answers.ReadString('\n')
	if err != nil {
		return err
	}
	fields := strings.Fields(header)
	if len(fields) != 3 {
		return absent(strings.TrimSpace(header))
	}
	size, err := strconv.ParseInt(fields[2], 10, 64)
	if err != nil {
		return err
	}
	content := io.LimitReader(answers, size)
	if size <= source.DefaultMaxFileSize {
		if err := put(dir, b, content); err != nil {
			return err
		}
	}
	if _, err := io.Copy(io.Discard, content); err != nil {
		return err
	}
	_, err = answers.ReadByte()
	return err
}

// put writes a file below dir, which nothing written there can lead out of.
func put(dir *os.Root, b blob, content io.Reader) error {
	name := filepath.FromSlash(b.name)
	if err := dir.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return err
	}
	if b.link {
		target, err := io.ReadAll(content)
		if err != nil {
			return err
		}
		return dir.Symlink(string(target), name)
	}
	f, err := dir.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	if _, err := io.Copy(f, content); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

// addUntracked copies what a scan reads and git does not keep: modules that
// terraform init installed, and files of variables.
func (r *repository) addUntracked(tracked map[string]bool, dir *os.Root) error {
	top, err := os.OpenRoot(r.top)
	if err != nil {
		return err
	}
	defer top.Close()
	return fs.WalkDir(top.FS(), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return nil //nolint:nilerr // the scan of the tree reports what it cannot read
		}
		if entry.IsDir() {
			if entry.Name() == ".git" || entry.Name() == "node_modules" || entry.Name() == "providers" && strings.HasSuffix(filepath.Dir(name), ".terraform") {
				return fs.SkipDir
			}
			return nil
		}
		installed := strings.HasPrefix(name, ".terraform/") || strings.Contains(name, "/.terraform/")
		variables := strings.HasSuffix(name, ".tfvars") || strings.HasSuffix(name, ".tfvars.json")
		info, err := entry.Info()
		if err != nil || !entry.Type().IsRegular() || tracked[name] || !installed && !variables || info.Size() > source.DefaultMaxFileSize {
			return nil //nolint:nilerr // as above
		}
		f, err := top.Open(name)
		if err != nil {
			return nil //nolint:nilerr // as above
		}
		defer f.Close()
		return put(dir, blob{name: filepath.ToSlash(name)}, f)
	})
}

// checkOut writes a commit's files into a new directory, with what git does
// not keep. The caller removes it.
func (r *repository) checkOut(commit string) (dir string, err error) {
	files, err := r.files(commit)
	if err != nil {
		return "", err
	}
	now, err := r.files("HEAD")
	if err != nil {
		return "", err
	}
	tracked := map[string]bool{}
	for _, b := range append(now, files...) {
		tracked[b.name] = true
	}
	if dir, err = os.MkdirTemp("", "demarc-base-"); err != nil {
		return "", err
	}
	if err := r.fill(dir, files, tracked); err != nil {
		os.RemoveAll(dir)
		return "", err
	}
	return dir, nil
}

// fill writes files, and what git does not keep, into a directory.
func (r *repository) fill(dir string, files []blob, tracked map[string]bool) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	if err := r.write(files, root); err != nil {
		return err
	}
	return r.addUntracked(tracked, root)
}
