// Package contract defines an analyzer that checks concurlint's directives.
//
// # Analyzer contract
//
// contract: report directives that are malformed or without effect
//
// A //concurlint: comment is a promise to the reader and to the other rules. One
// that is misspelt, stands where it has no effect, or silences a finding that
// is no longer there does the opposite of what its author meant:
//
//	//concurlint:ignore lockio
//	c.conn.Write(frame) // the directive gives no reason
//
//	//concurlint:nonblocking
//	var limit = 8 // the directive belongs to a function
//
// Right is a known rule, a reason, and a line that has a finding:
//
//	//concurlint:ignore lockio the lock guards this very connection
//	c.conn.Write(frame)
//
// A function marked nonblocking must not wait; on an interface method or a
// func-typed parameter the mark binds implementations and arguments, in other
// packages too, and rule blockloop checks them.
//
// The rule is silent about //nolint comments: other linters may need those.
package contract
