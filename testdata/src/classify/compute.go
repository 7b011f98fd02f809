package classify

import (
	"bufio"
	"bytes"
	"cmp"
	"compress/gzip"
	"compress/zlib"
	"context"
	"crypto/ecdsa"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/binary"
	"encoding/csv"
	"encoding/gob"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"image"
	"image/png"
	"io"
	"log/slog"
	"math"
	"math/big"
	"regexp"
	"slices"
	"sort"
	"strings"
	"text/template"
)

// class: light cpu
func mean(xs []float64) float64 {
	sum := 0.0
	for _, x := range xs {
		sum += x
	}
	return sum / float64(len(xs))
}

// class: cpu cpu
func multiply(a, b [][]float64) [][]float64 {
	out := make([][]float64, len(a))
	for i := range a {
		out[i] = make([]float64, len(b[0]))
		for j := range b[0] {
			for k := range b {
				out[i][j] += a[i][k] * b[k][j]
			}
		}
	}
	return out
}

// class: cpu cpu
func sieve(n int) []int {
	composite := make([]bool, n+1)
	var primes []int
	for i := 2; i <= n; i++ {
		if composite[i] {
			continue
		}
		primes = append(primes, i)
		for j := i * i; j <= n; j += i {
			composite[j] = true
		}
	}
	return primes
}

// class: cpu cpu
func distance(a, b string) int {
	prev := make([]int, len(b)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := range len(a) {
		cur := []int{i + 1}
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			cur = append(cur, min(prev[j]+cost, prev[j+1]+1, cur[j]+1))
		}
		prev = cur
	}
	return prev[len(b)]
}

type tree struct {
	left, right *tree
	value       int
}

// class: cpu cpu
func (t *tree) sum() int {
	if t == nil {
		return 0
	}
	return t.left.sum() + t.value + t.right.sum()
}

type expr struct {
	op    byte
	terms []*term
}

type term struct {
	value float64
	sub   *expr
}

// Mutual recursion over data: eval of expr and of term.
// class: cpu cpu
func (e *expr) eval() float64 {
	acc := e.terms[0].eval()
	for _, t := range e.terms[1:] {
		switch v := t.eval(); e.op {
		case '+':
			acc += v
		case '*':
			acc *= v
		}
	}
	return acc
}

// class: cpu cpu
func (t *term) eval() float64 {
	if t.sub != nil {
		return t.sub.eval()
	}
	return t.value
}

// class: cpu cpu
func fib(n int, memo map[int]int) int {
	if n < 2 {
		return n
	}
	if v, ok := memo[n]; ok {
		return v
	}
	memo[n] = fib(n-1, memo) + fib(n-2, memo)
	return memo[n]
}

// class: light cpu
func byName(us []user) {
	slices.SortFunc(us, func(a, b user) int { return cmp.Compare(a.Name, b.Name) })
}

type byID []user

// class: light none
func (b byID) Len() int { return len(b) }

// class: light none
func (b byID) Less(i, j int) bool { return b[i].ID < b[j].ID }

// class: light none
func (b byID) Swap(i, j int) { b[i], b[j] = b[j], b[i] }

// Sorting through an interface whose methods are in this file.
// class: light cpu
func sortByID(us []user) {
	sort.Sort(byID(us))
}

// class: light cpu
func wordCount(text string) map[string]int {
	n := map[string]int{}
	for _, w := range strings.Fields(text) {
		n[strings.ToLower(w)]++
	}
	return n
}

// A scanner over memory.
// class: light cpu
func paragraphs(text string) (n int) {
	blank := true
	for sc := bufio.NewScanner(strings.NewReader(text)); sc.Scan(); {
		line := strings.TrimSpace(sc.Text())
		if line != "" && blank {
			n++
		}
		blank = line == ""
	}
	return n
}

// Encoder and decoder over the same buffer in memory.
// class: light cpu
func deepCopy(us []user) (out []user, err error) {
	var buf bytes.Buffer
	if err := gob.NewEncoder(&buf).Encode(us); err != nil {
		return nil, err
	}
	err = gob.NewDecoder(&buf).Decode(&out)
	return out, err
}

// class: light cpu
func joinNames(us []user) string {
	var b strings.Builder
	for i, u := range us {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(u.Name)
	}
	return b.String()
}

// class: cpu cpu
func matching(lines, patterns []string) (hits []string) {
	for _, p := range patterns {
		re := regexp.MustCompile(p)
		for _, l := range lines {
			if re.MatchString(l) {
				hits = append(hits, l)
			}
		}
	}
	return hits
}

// class: light cpu
func checksum(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// class: cpu cpu
func merkleRoot(leaves [][32]byte) [32]byte {
	for len(leaves) > 1 {
		var next [][32]byte
		for i := 0; i+1 < len(leaves); i += 2 {
			next = append(next, sha256.Sum256(append(leaves[i][:], leaves[i+1][:]...)))
		}
		leaves = next
	}
	return leaves[0]
}

// class: cpu cpu
func deriveKey(password string, salt []byte) ([]byte, error) {
	return pbkdf2.Key(sha256.New, password, salt, 100_000, 32)
}

// class: cpu cpu
func newRSAKey() (*rsa.PrivateKey, error) {
	return rsa.GenerateKey(rand.Reader, 4096)
}

// class: light cpu
func sign(key *ecdsa.PrivateKey, msg []byte) ([]byte, error) {
	digest := sha256.Sum256(msg)
	return ecdsa.SignASN1(rand.Reader, key, digest[:])
}

// class: cpu cpu
func modPow(base, exp, mod *big.Int) *big.Int {
	return new(big.Int).Exp(base, exp, mod)
}

// A power of ten that scales a price is none of those of cryptography.
// class: light cpu
func scaled(price, digits int64) *big.Int {
	ten := new(big.Int).Exp(big.NewInt(10), big.NewInt(digits), nil)
	return ten.Mul(ten, big.NewInt(price))
}

// Compression into memory.
// class: cpu cpu
func gzipBytes(b []byte) ([]byte, error) {
	var buf bytes.Buffer
	zw := gzip.NewWriter(&buf)
	if _, err := zw.Write(b); err != nil {
		return nil, err
	}
	if err := zw.Close(); err != nil {
		return nil, err
	}
	return buf.Bytes(), nil
}

// Decompression from memory.
// class: cpu cpu
func inflate(b []byte) ([]byte, error) {
	zr, err := zlib.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	defer zr.Close()
	return io.ReadAll(zr)
}

// class: light cpu
func decodeUser(s string) (u user, err error) {
	err = json.NewDecoder(strings.NewReader(s)).Decode(&u)
	return u, err
}

// class: light cpu
func encodeUsers(us []user) ([]byte, error) {
	return json.MarshalIndent(us, "", "  ")
}

// class: light cpu
func decodeXML(b []byte) (c config, err error) {
	err = xml.Unmarshal(b, &c)
	return c, err
}

// class: cpu cpu
func columns(table string) (map[string][]string, error) {
	rows, err := csv.NewReader(strings.NewReader(table)).ReadAll()
	if err != nil {
		return nil, err
	}
	out := map[string][]string{}
	for i, name := range rows[0] {
		for _, r := range rows[1:] {
			out[name] = append(out[name], r[i])
		}
	}
	return out, nil
}

// class: light cpu
func page(t *template.Template, us []user) (string, error) {
	var b bytes.Buffer
	if err := t.Execute(&b, us); err != nil {
		return "", err
	}
	return b.String(), nil
}

// class: cpu cpu
func thumbnail(src image.Image) ([]byte, error) {
	r := src.Bounds()
	dst := image.NewRGBA(image.Rect(0, 0, r.Dx()/2, r.Dy()/2))
	for y := 0; y < r.Dy()/2; y++ {
		for x := 0; x < r.Dx()/2; x++ {
			dst.Set(x, y, src.At(r.Min.X+2*x, r.Min.Y+2*y))
		}
	}
	var buf bytes.Buffer
	err := png.Encode(&buf, dst)
	return buf.Bytes(), err
}

// Logging in the loop does not make it I/O.
// class: light cpu
func validate(us []user) (bad int) {
	for _, u := range us {
		if u.Name == "" {
			slog.Warn("user without a name", "id", u.ID)
			bad++
		}
	}
	return bad
}

// The dump is made only when debugging.
// class: light none
func describe(ctx context.Context, us []user) int {
	if slog.Default().Enabled(ctx, slog.LevelDebug) {
		b, _ := json.Marshal(us)
		slog.DebugContext(ctx, "users", "dump", string(b))
	}
	return len(us)
}

// class: light none
func hypot(x, y float64) float64 {
	return math.Sqrt(x*x + y*y)
}

// A short constant loop.
// class: light none
func packVersion(v [4]byte) (n uint32) {
	for i := 0; i < 4; i++ {
		n = n<<8 | uint32(v[i])
	}
	return n
}

// class: light none
func header(kind byte, size uint32) []byte {
	b := make([]byte, 5)
	b[0] = kind
	binary.BigEndian.PutUint32(b[1:], size)
	return b
}
