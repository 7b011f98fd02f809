package carried

import (
	"go/ast"
	"go/types"
	"slices"

	"github.com/concurlint/concurlint/analyzers/module"
)

// foreign is the call of a function of which there is no summary: one of the
// standard library, or a method of an interface. It may change what it is given to
// point at; what bears calls at once is made for them.
func (w *walker) foreign(fn *types.Func, c *ast.CallExpr, st *state) {
	args := w.arguments(fn, c)
	library := fn.Pkg() != nil && module.Standard(fn.Pkg().Path())
	made := nowhere
	note := func(o origin, e ast.Expr) {
		made = join(made, held(o))
		if w.writable(e, fn) && !readsOnly(fn) {
			w.changeValue(o, "calls "+fn.Name()+", which may change "+types.ExprString(e))
		}
	}
	bearing := false
	if sel, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr); ok && w.p.Info().Selections[sel] != nil {
		if bearing = bears(fn.Signature().Recv().Type()); !bearing {
			note(args[receiver].origin, sel.X)
		}
	}
	for i, a := range c.Args {
		if _, isFunc := w.typeOf(a).Underlying().(*types.Signature); isFunc && !w.p.Info().Types[a].IsNil() {
			w.invoke(a, place{}, fn, st)
			continue
		}
		if !bearing && !onlyReads(fn, i, c, w.typeOf(a)) {
			note(w.from(a), a)
		}
	}
	w.made[c] = unknownResults(fn)
	if !library {
		w.strange(args)
		if fn.Signature().Recv() == nil {
			w.doubtful("calls " + fn.Name() + ", whose body is not seen")
		}
		return
	}
	if w.global(fn, c) {
		w.doubtful("calls " + fn.Pkg().Name() + "." + fn.Name() + ", which changes what all iterations see")
	}
	for i := range w.made[c] {
		if w.made[c][i].shared {
			w.made[c][i] = made
		}
	}
}

// strange notes that a function may have made what is the iteration's own lead on
// to what else it was given.
func (w *walker) strange(args map[int]argument) {
	for _, from := range args {
		for _, to := range args {
			if from.shared {
				w.leadsAnywhere(to)
			}
		}
	}
}

// reading are the packages of the standard library whose functions leave what they
// are given as it is. Methods are another matter.
var reading = []string{
	"bytes", "strings", "path", "path/filepath", "os", "net/netip", "net/url", "html", "mime", "encoding/pem", "crypto/x509",
	"crypto/md5", "crypto/sha1", "crypto/sha256", "crypto/sha512", "hash/crc32", "hash/crc64", "hash/adler32",
}

func readsOnly(fn *types.Func) bool {
	return fn.Signature().Recv() == nil && fn.Pkg() != nil && slices.Contains(reading, fn.Pkg().Path())
}

// onlyReads reports whether a function of the standard library leaves its argument
// i as it is: those that take any values print them, unless they are told where to
// put some.
func onlyReads(fn *types.Func, i int, c *ast.CallExpr, t types.Type) bool {
	params := fn.Signature().Params()
	if c.Ellipsis.IsValid() { // what is in the list may be where to put some
		return false
	}
	if !fn.Signature().Variadic() || i < params.Len()-1 || !types.IsInterface(params.At(params.Len()-1).Type().(*types.Slice).Elem()) {
		return false
	}
	_, ptr := t.Underlying().(*types.Pointer)
	return !ptr && fn.Pkg() != nil && module.Standard(fn.Pkg().Path())
}

// process are the functions of the standard library that change something which the
// process has once.
var process = []string{"os.Chdir", "os.Setenv", "os.Unsetenv", "os.Clearenv", "log.SetOutput", "log.SetFlags", "log.SetPrefix", "math/rand.Seed"}

// naming are the functions of package os that change what a name stands for.
var naming = []string{
	"Chmod", "Chown", "Chtimes", "Create", "Lchown", "Link", "Mkdir", "MkdirAll", "OpenFile", "Remove", "RemoveAll", "Rename", "Symlink",
	"Truncate", "WriteFile",
}

// global reports whether a call changes what other iterations see without being given
// it: a thing of the process, or a file whose name says nothing of the iteration.
func (w *walker) global(fn *types.Func, c *ast.CallExpr) bool {
	if fn.Signature().Recv() != nil {
		return false
	}
	if slices.Contains(process, fn.FullName()) {
		return true
	}
	return fn.Pkg().Path() == "os" && slices.Contains(naming, fn.Name()) && !slices.ContainsFunc(c.Args, w.isOfIteration)
}

// isOfIteration reports whether an expression is a text with a variable in it that
// each iteration has for itself.
func (w *walker) isOfIteration(e ast.Expr) (own bool) {
	if !isText(w.typeOf(e)) {
		return false
	}
	ast.Inspect(e, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			v, isVar := w.object(id).(*types.Var)
			own = own || isVar && !v.IsField() && (w.isOwn(v) || v == w.index)
		}
		return !own
	})
	return own
}

// writable reports whether a function that has the value can change what others see.
func (w *walker) writable(e ast.Expr, fn *types.Func) bool {
	t := w.typeOf(e)
	if bears(t) {
		return false
	}
	if recv := fn.Signature().Recv(); recv != nil && isFlat(t) {
		_, ptr := recv.Type().Underlying().(*types.Pointer)
		return ptr || reaches(t) // an addressable value whose method takes its address
	}
	return reaches(t)
}

// bearing are the types of the standard library that are documented to be used by
// several goroutines at once, or cannot be changed.
var bearing = []string{
	"net/http.Client", "net/http.Transport", "net/http.RoundTripper", "database/sql.DB", "regexp.Regexp", "log.Logger", "log/slog.Logger",
	"context.Context", "net.Resolver", "net.Dialer", "text/template.Template", "html/template.Template", "time.Location", "error",
	"reflect.Type", "crypto/cipher.Block", "crypto/cipher.AEAD", "io/fs.FS", "io/fs.FileInfo", "io/fs.DirEntry",
	"net/netip.Addr", "net/netip.AddrPort", "net/netip.Prefix",
}

// bears reports whether values of the type are made for calls at once.
func bears(t types.Type) bool {
	if ptr, ok := types.Unalias(t).(*types.Pointer); ok {
		t = ptr.Elem()
	}
	n, ok := types.Unalias(t).(*types.Named)
	if !ok {
		return false
	}
	name := n.Obj().Name()
	if pkg := n.Obj().Pkg(); pkg != nil {
		if pkg.Path() == "sync" || pkg.Path() == "sync/atomic" {
			return true
		}
		name = pkg.Path() + "." + name
	}
	return slices.Contains(bearing, name)
}
