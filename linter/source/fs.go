package source

import (
	"context"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// FS is what a scan reads: a directory, a git revision, or either with buffers
// over it. Names are slash paths relative to its top, "." for the top itself.
// It may be used by several goroutines at a time.
type FS interface {
	// Read returns a regular file. Reading a name again gives the same File,
	// which callers must not change.
	Read(name string) (*File, error)
	// Stat tells what a name is, symbolic links followed.
	Stat(name string) (fs.FileInfo, error)
	// List returns the names in a directory, sorted.
	List(name string) ([]fs.DirEntry, error)
}

// skippedDirs are never walked: they hold no source of the user's own.
var skippedDirs = map[string]bool{
	".git": true, ".hg": true, ".svn": true, ".terraform": true, ".terragrunt-cache": true,
	"node_modules": true, ".aws-sam": true, ".venv": true, "cdk.out.assets": true,
}

// assemblyMarks are the files of a directory that the AWS CDK wrote: its assets
// (asset.*) are what the stacks ship, not what they declare.
// https://docs.aws.amazon.com/cdk/v2/guide/configure-synth.html
var assemblyMarks = map[string]bool{"manifest.json": true, "cdk.out": true}

// Walk calls visit for each file below name, in order, leaving out directories
// that hold no source of the user's own and whatever skip names. A symbolic
// link to a directory is not followed; one to anything else is visited, whether
// or not it can be read. Unreadable directories go to failed. It ends early
// when the context does.
func Walk(ctx context.Context, tree FS, name string, skip func(name string) bool, visit func(name string, e fs.DirEntry), failed func(name string, err error)) {
	entries, err := tree.List(name)
	if err != nil {
		failed(name, err)
		return
	}
	assembly := slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return assemblyMarks[e.Name()] && !e.IsDir() })
	for _, e := range entries {
		if ctx.Err() != nil {
			return
		}
		child := path.Join(name, e.Name())
		if skip != nil && skip(child) {
			continue
		}
		switch {
		case e.IsDir():
			if asset := assembly && strings.HasPrefix(e.Name(), "asset."); !asset && !skippedDirs[e.Name()] {
				Walk(ctx, tree, child, skip, visit, failed)
			}
		case e.Type()&fs.ModeSymlink != 0:
			if info, err := tree.Stat(child); err != nil || !info.IsDir() {
				visit(child, e)
			}
		default:
			visit(child, e)
		}
	}
}
