package edit

// unshared are types whose values must not be used by several goroutines, or
// whose calls have an order that a reader of their output sees. The names are
// matched as they are written, because imports are not followed.
var unshared = []string{
	"strings.Builder", "bytes.Buffer", "bufio.", "json.Encoder", "json.Decoder", "xml.Encoder", "xml.Decoder",
	"gob.Encoder", "gob.Decoder", "csv.Writer", "csv.Reader", "tabwriter.Writer", "tar.", "zip.Writer", "gzip.",
	"zlib.", "flate.", "hash.", "io.Writer", "io.Reader", "io.ReadWriter", "io.ReadCloser", "io.WriteCloser",
	"http.ResponseWriter", "net.Conn", "os.File", "rand.Rand", "sql.Tx", "sql.Conn", "sql.Rows", "sql.Stmt", "pgx.Tx", "pgx.Conn",
	"testing.T", "testing.B", "testing.F", "exec.Cmd", "big.Int", "big.Float", "scanner.Scanner",
}

// makers are constructors of such values where the type is not written.
var makers = []string{
	"bufio.New", "json.NewEncoder", "json.NewDecoder", "xml.New", "gob.New", "csv.New", "tabwriter.New", "tar.New",
	"zip.New", "gzip.New", "zlib.New", "flate.New", "sha1.New", "sha256.New", "sha512.New", "md5.New", "fnv.New", "crc32.New", "hmac.New",
	"rand.New", "os.Open", "os.Create", "net.Dial", "bytes.NewBuffer", "bytes.NewReader", "strings.NewReader", ".Begin", ".BeginTx", ".Conn",
	"big.New", "exec.Command",
}

// prints are calls whose output appears in the order of the iterations.
var prints = []string{"fmt.Print", "fmt.Fprint", "print", "println"}

// mutators begin the names of methods that change their receiver or take part in
// an order. A name proves nothing, so it may only forbid an edit.
var mutators = []string{
	"Write", "Encode", "Decode", "Read", "Next", "Scan", "Print", "Append", "Add", "Set", "Push", "Pop", "Insert", "Delete",
	"Remove", "Reset", "Flush", "Seek", "Send", "Recv", "Advance", "Emit", "Inc", "Put", "Store", "Update", "Register", "Close",
}

// changers are the built-in functions that change their first argument.
var changers = []string{"copy", "delete", "clear", "close"}
