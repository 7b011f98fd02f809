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
// Callbacks are followed to where they come from: arguments, fields, options,
// tables and values of interfaces, also through functions of other packages of the
// module. A function of another package is reported where it is handed over, and a wait
// in a function that goes on with the switch over the messages where that waits.
//
// A loop of the module itself is known by what it does: it receives what many send,
// from a connection or several channels, and calls functions that others have
// stored, or tells kinds of messages apart: by a switch, by branches that ask what the
// message is, or by a look-up, where it sends to the channel that it finds in a map by
// what the message says. What waits there for the network, a subprocess or a sleep is a
// warning, since it stops all the others: who stored the function need not know where it
// runs. It is a note where the loop calls the one function that whoever made it has given
// it, which may be all that the loop is for. A stored function that is out of sight is a
// note. Files, locks and computing on an own loop are its author's choice. Loops that run
// once for each connection, crews of workers, and functions that come with the message are
// no such loops.
//
// A loop that accepts connections and hands each over accepts no other while it waits for
// one itself, as in a handshake:
//
//	for {
//		c, err := l.Accept()
//		…
//		if err := tls.Server(c, config).Handshake(); err == nil { // whoever says nothing stops all
//			go serve(c)
//		}
//	}
//
// The Accept method of a listener around another one is a turn of that loop.
//
// The same holds for a goroutine that serves several channels in one select: a
// send to a channel that it alone receives from never ends, also where a method of the
// same value makes it, nor does a wait for the group that the goroutine itself belongs
// to: both are errors where nothing gets them out of it. A plain send in one case starves
// the others, which is a warning where another case tears things down on an error, for
// which the receiver may be waiting, and otherwise a note.
//
// A handler that a read loop calls must not wait for an answer that the loop alone gives, by a
// channel to which nothing else sends. That is a warning, for each of several connections as
// well, and so is a send of the loop to a goroutine that waits for such an answer:
//
//	conn.OnEvent(func(e Event) {
//		body, err := conn.Call("body", e.ID) // the loop that runs this reads the answer
//		…
//	})
//
// A send to a channel that others make, computing or waits for goroutines seen only
// inside another module, files opened by a user interface, three loops over data one
// within the other where a screen is drawn, in whatever functions of the package they
// stand, and two in a comparator are notes. So is what runs on the loop unless a setting
// puts it on a goroutine.
//
// A request in the case of a timer, or one that a helper makes again after pauses, is
// judged by who suffers meanwhile: a warning where somebody waits to send to another
// channel of the loop, and a note where that has a buffer or another time comes that the
// loop has a job for. Nobody suffers from a loop with one job. One peer after the other
// that a loop writes to for each thing it receives is a note: a peer that does not answer
// holds up what is meant for all.
//
// The rule is silent about what a goroutine, a command value or the library's
// own way out runs, about select with default, short sleeps, error paths,
// logging, loops that only forward, replies to a request, sends to a goroutine of the package
// that takes them at once, as all cases of its loop are short, and what the contract permits.
// Where those cases call what others have stored, such a send is a note.
package blockloop
