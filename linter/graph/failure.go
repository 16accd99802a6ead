package graph

import "fmt"

// Failure is the message of a diagnostic about a panic that was caught: what
// was being done, and what the panic said. Its stack is for nobody but us.
func Failure(doing string, caught any) string {
	return fmt.Sprintf("demarc failed while %s, please report it: %v", doing, caught)
}
