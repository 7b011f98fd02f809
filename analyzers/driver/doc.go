// Package driver runs analyzers over packages in one process.
package driver
