package main

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
)

func versionCommand() *command {
	return &command{usage: "demarc version", about: "Print the version of demarc and of the Go it was built with."}
}

func printVersion(args []string) (int, error) {
	return versionCommand().run(args, func([]string) (int, error) {
		_, err := fmt.Fprintf(os.Stdout, "demarc %s (%s, %s/%s)\n", version(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
		return 0, err
	})
}

// version is the module's version, or the revision of a build from source.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			return "devel-" + s.Value[:12]
		}
	}
	return "devel"
}
