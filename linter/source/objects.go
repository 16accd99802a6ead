package source

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strconv"
	"strings"
	"sync"
)

// objects reads git's objects through one process.
type objects struct {
	mu      sync.Mutex
	cmd     *exec.Cmd
	in      io.WriteCloser
	out     *bufio.Reader
	problem bytes.Buffer
	trees   map[string][]treeEntry // by id
	read    int                    // objects so far
	failed  error                  // the first failure, after which nothing is answered
}

// treeEntry is a name in a directory of a commit.
type treeEntry struct {
	name string
	mode string // 40000, 100644, 100755, 120000 or 160000
	id   string // in hexadecimal digits
}

func startObjects(ctx context.Context, r *Repository) (*objects, error) {
	o := &objects{cmd: r.git(ctx, "cat-file", "--batch"), trees: map[string][]treeEntry{}}
	o.cmd.Stderr = &o.problem
	out, err := o.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if o.in, err = o.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	o.out = bufio.NewReaderSize(out, 1<<16)
	return o, o.cmd.Start()
}

func (o *objects) close() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.in.Close()
	o.cmd.Wait() //nolint:errcheck // what failed is in failed
}

// absent is the error of a file that this clone does not have; why is what git
// says, its last line the error.
func absent(why string) error {
	why = strings.TrimSpace(why)
	why = strings.TrimPrefix(why[strings.LastIndexByte(why, '\n')+1:], "fatal: ")
	return fmt.Errorf("the clone does not have all its files (%s): clone without --filter, or run git fetch --refetch --no-filter", why)
}

// get reads one object: git answers "<id> <kind> <size>", the content and a
// line end. content is nil where the object is larger than limit.
func (o *objects) get(id string, limit int64) (content []byte, size int64, err error) {
	if o.failed != nil {
		return nil, 0, o.failed
	}
	defer func() {
		if err != nil {
			o.failed = err
		}
	}()
	if _, err := io.WriteString(o.in, id+"\n"); err != nil {
		return nil, 0, o.ended(err)
	}
	header, err := o.out.ReadString('\n')
	if err != nil {
		return nil, 0, o.ended(err)
	}
	fields := strings.Fields(header)
	if len(fields) != 3 {
		return nil, 0, absent(header)
	}
	if size, err = strconv.ParseInt(fields[2], 10, 64); err != nil {
		return nil, 0, err
	}
	o.read++
	if size <= limit {
		content = make([]byte, size)
		_, err = io.ReadFull(o.out, content)
	} else {
		_, err = io.CopyN(io.Discard, o.out, size)
	}
	if err == nil {
		_, err = o.out.ReadByte()
	}
	return content, size, err
}

// ended is the error of a process that has ended.
func (o *objects) ended(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrClosedPipe) || o.problem.Len() > 0 {
		o.cmd.Wait() //nolint:errcheck // what it said tells more
		if o.problem.Len() > 0 {
			return absent(o.problem.String())
		}
	}
	return fmt.Errorf("git cat-file: %w", err)
}

// maxTree is the largest directory that is read, in bytes of its object.
const maxTree = 64 << 20

// tree is a directory by its object's id, in git's order.
func (o *objects) tree(id string) ([]treeEntry, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if entries, ok := o.trees[id]; ok {
		return entries, nil
	}
	content, _, err := o.get(id, maxTree)
	if err != nil {
		return nil, err
	}
	entries, err := parseTree(content, len(id)/2)
	if err != nil {
		return nil, err
	}
	o.trees[id] = entries
	return entries, nil
}

// parseTree reads "<mode> <name>\0<id>" after one another. A name that leads
// anywhere but into the directory is left out: git itself refuses it.
// https://git-scm.com/book/en/v2/Git-Internals-Git-Objects
func parseTree(content []byte, idSize int) ([]treeEntry, error) {
	var out []treeEntry
	for len(content) > 0 {
		about, rest, ok := bytes.Cut(content, []byte{0})
		mode, name, named := strings.Cut(string(about), " ")
		if !ok || !named || len(rest) < idSize {
			return nil, errors.New("git cat-file: a directory is cut off")
		}
		if name != "" && name != "." && name != ".." && !strings.ContainsAny(name, `/\`) && !isGit(name) {
			out = append(out, treeEntry{name, mode, fmt.Sprintf("%x", rest[:idSize])})
		}
		content = rest[idSize:]
	}
	return out, nil
}

func (o *objects) blob(id string, limit int64) (content []byte, size int64, err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.get(id, limit)
}
