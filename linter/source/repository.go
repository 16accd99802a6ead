package source

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Repository is a git repository that is only read, through plumbing that runs
// nothing which the repository's configuration names.
type Repository struct {
	top string // its top directory
}

// OpenRepository opens the repository whose top directory is top.
func OpenRepository(top string) (*Repository, error) {
	if _, err := os.Lstat(filepath.Join(top, ".git")); err != nil {
		return nil, fmt.Errorf("%s is in no git repository, so there is no revision to compare with", top)
	}
	if _, err := exec.LookPath("git"); err != nil {
		return nil, errors.New("comparing with a revision needs git, which is not installed")
	}
	return &Repository{top}, nil
}

// Top is the repository's top directory.
func (r *Repository) Top() string { return r.top }

// git prepares a command of git. Hooks, monitors, pagers and transports that
// the repository's configuration names are not run, and nothing is fetched;
// filters do not apply to the commands used here.
func (r *Repository) git(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "git", append([]string{
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
func (r *Repository) output(ctx context.Context, args ...string) (string, error) {
	cmd := r.git(ctx, args...)
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

// Head is the commit that HEAD names, or "" where there is none.
func (r *Repository) Head(ctx context.Context) string {
	commit, err := r.output(ctx, "rev-parse", "--verify", "--quiet", "HEAD^{commit}")
	if err != nil {
		return ""
	}
	return commit
}

// MergeBase is the commit where HEAD left a revision.
func (r *Repository) MergeBase(ctx context.Context, revision string) (string, error) {
	if revision == "" || strings.HasPrefix(revision, "-") {
		return "", fmt.Errorf("%q is no revision: name a branch, tag or commit", revision)
	}
	// All is asked at once, since a process costs as much as a small scan.
	if out, err := r.output(ctx, "rev-parse", revision+"^{commit}", "HEAD^{commit}"); err == nil {
		if commit, head, ok := strings.Cut(out, "\n"); ok && commit == head {
			return commit, nil
		} else if base, err := r.output(ctx, "merge-base", commit, head); err == nil {
			return base, nil
		}
	}
	return "", r.explain(ctx, revision)
}

// explain is why a revision and HEAD have no merge base.
func (r *Repository) explain(ctx context.Context, revision string) error {
	// A repository that git refuses (another owner's) says so here.
	shallow, err := r.output(ctx, "rev-parse", "--is-shallow-repository")
	if err != nil {
		return fmt.Errorf("read the git repository: %w", err)
	}
	missing := func(what string) error {
		if shallow == "true" {
			return fmt.Errorf("%s: this clone is shallow: get more of the history with git fetch --deepen=100 origin %s, or check out with fetch-depth: 0", what, revision)
		}
		return errors.New(what)
	}
	if _, err := r.output(ctx, "rev-parse", "--verify", "--quiet", revision+"^{commit}"); err != nil {
		return missing(fmt.Sprintf("there is no revision %q in %s", revision, r.top))
	}
	if _, err := r.output(ctx, "rev-parse", "--verify", "--quiet", "HEAD^{commit}"); err != nil {
		return fmt.Errorf("%s has no commit yet", r.top)
	}
	return missing(fmt.Sprintf("%s and HEAD have no common commit", revision))
}
