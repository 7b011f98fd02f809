// Package blockloop defines an analyzer that reports blocking work on event
// loops.
//
// # Analyzer blockloop
//
// blockloop: report blocking or heavy work on an event loop
//
// A library that calls its users from one loop stops serving everybody while
// one callback waits:
//
//	func (h *handler) OnTraffic(c gnet.Conn) gnet.Action {
//		row := h.db.QueryRow(query) // no other connection is served meanwhile
//		…
//	}
//
// Hand the work to a goroutine and post the result back:
//
//	func (h *handler) OnTraffic(c gnet.Conn) gnet.Action {
//		go h.answer(c)
//		return gnet.None
//	}
//
// A hand-over that waits while its pool is full, such as errgroup.Group.Go after
// SetLimit, stops the loop as well.
//
// The same holds for a goroutine that serves several channels in one select: a
// send to a channel that it alone receives from never ends, and a plain send in
// one case starves the others. That is a warning where another case tears
// things down on an error, for which the receiver may be waiting, and otherwise
// a note.
//
// A send to a channel that others make, and computing or waits for goroutines
// seen only inside another module, are notes. What a module does on its own loop
// is its affair.
//
// The rule is silent about what a goroutine, a command value or the library's
// own way out runs, about select with default, short sleeps, error paths,
// logging, loops that only forward, replies to a request, and what the contract
// permits.
package blockloop
