// Go's own word on the harness's files: reads one JSON request a line ({"what", "text"}), answers one JSON string a line.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"time"
)

// Var is an interface in terratest too, so that Go refuses to load any element of MixedVars.
type Var interface{ Args() []string }

type extraArgs struct {
	Apply, Destroy, Get, Init, Plan, Validate, WorkspaceDelete, WorkspaceSelect, WorkspaceNew, Output, Show []string
}

// Options has the shape of terratest's terraform.Options: names, order and types of its 28 fields.
type Options struct {
	Stdin                    io.Reader
	WarningsAsErrors         map[string]string
	Logger                   *struct{}
	BackendConfig            map[string]interface{}
	EnvVars                  map[string]string
	Vars                     map[string]interface{}
	RetryableTerraformErrors map[string]string
	SshAgent                 *struct{}
	TerraformBinary          string
	TerraformDir             string
	PlanFilePath             string
	PluginDir                string
	LockTimeout              string
	ExtraArgs                extraArgs
	Targets                  []string
	MixedVars                []Var
	VarFiles                 []string
	TimeBetweenRetries       time.Duration
	Parallelism              int
	OutputMaxLineSize        int
	MaxRetries               int
	NoStderr                 bool
	NoColor                  bool
	MigrateState             bool
	Reconfigure              bool
	Upgrade                  bool
	SetVarsAfterVarFiles     bool
	Lock                     bool
}

func answer(what string, text []byte) (string, error) {
	switch what {
	case "options":
		var options Options
		if err := json.Unmarshal(text, &options); err != nil {
			return "", err
		}
		encoded, err := json.Marshal(options)
		return string(encoded), err
	case "value":
		var value interface{}
		if err := json.Unmarshal(text, &value); err != nil {
			return "", err
		}
		encoded, err := json.Marshal(value)
		return string(encoded), err
	case "format":
		var value interface{}
		err := json.Unmarshal(text, &value)
		return fmt.Sprintf("%v", value), err
	case "indent":
		var indented bytes.Buffer
		err := json.Indent(&indented, text, "", "  ")
		return indented.String(), err
	}
	return "", fmt.Errorf("unknown request %q", what)
}

func main() {
	requests := bufio.NewScanner(os.Stdin)
	requests.Buffer(nil, 1<<24)
	for requests.Scan() {
		var request struct{ What, Text string }
		if err := json.Unmarshal(requests.Bytes(), &request); err != nil {
			panic(err)
		}
		text, err := answer(request.What, []byte(request.Text))
		if err != nil {
			text = "error: " + err.Error()
		}
		line, _ := json.Marshal(text)
		fmt.Println(string(line))
	}
}
