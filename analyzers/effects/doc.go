// Package effects summarizes what each function does with time: what it waits
// for, how sure that is, whether something bounds it, how much it computes, and
// what it does with the functions and interfaces it is given.
//
// Summaries are worked out bottom-up within a package, with a fixpoint over
// recursive groups, and cross packages as facts. A function without a fact has
// nothing to say. Bodies of the standard library are never looked at: package
// knowledge describes them.
//
// The pass reads syntax and types only, no SSA: with facts, SSA would be built
// for every dependency.
package effects
