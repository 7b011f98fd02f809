// Package made keeps what files were made of, so that they need not be made
// again: targets as those of make, with hashes in place of times.
//
// Beside the outputs lies a folder .made: its folder record says of each target
// what made it, of which inputs, and what the outputs then were; its folder new
// has what is being written. Whoever makes a target holds its record locked, so
// that other processes wait and then find it made. An output appears whole, by a
// rename, and counts only once its record is written: whatever was killed,
// deleted, edited or damaged in between, the sums differ and it is made again.
package made
