package blockloop

import (
	"strings"

	"github.com/charmbracelet/bubbletea"
)

// Three loops one within the other weigh the same however they are cut into functions.
type heatmap struct {
	series [][]float64
	names  []string
	rows   []strip
}

type strip struct {
	cells []cell
	title string
}

type cell struct{ text string }

func (h heatmap) Init() tea.Cmd { return nil }

func (h heatmap) Update(tea.Msg) (tea.Model, tea.Cmd) { return h, nil }

func (h heatmap) View() string {
	total := 0.0
	for _, a := range h.series { // two are what rows and columns take
		for _, b := range h.series {
			for i := range a { // want `note: blockloop: loops over data one within the other compute heavily on tea's loop, use a tea.Cmd`
				for j := range b {
					total += a[i]*b[j] + dot(a, b)
				}
			}
			total += dot(a, b) // want `note: .*dot computes heavily on tea's loop`
		}
		total += crossed(a, h.series) // want `note: .*crossed computes heavily on tea's loop`
		total += h.against(a)         // want `note: .*heatmap.against computes heavily on tea's loop`
	}
	for _, a := range h.series {
		total += dot(a, a)
		total += a[0]
	}
	return h.grid() + h.words(total)
}

func (h heatmap) against(a []float64) (total float64) {
	for _, b := range h.series {
		total += dot(a, b)
	}
	return total
}

func dot(a, b []float64) (sum float64) {
	for i := range min(len(a), len(b)) {
		sum += a[i] * b[i]
	}
	return sum
}

func crossed(a []float64, list [][]float64) (sum float64) {
	for _, b := range list {
		for i := range b {
			sum += a[i] * b[i]
		}
	}
	return sum
}

// Rows, their cells, and what stands in them, are one pass over what is drawn.
func (h heatmap) grid() string {
	var b strings.Builder
	for _, r := range h.rows {
		for _, c := range r.cells {
			for _, letter := range c.text {
				b.WriteRune(letter)
			}
		}
		b.WriteString(strings.Repeat("-", len(r.title)))
	}
	return b.String()
}

// A few of each are no data.
func (h heatmap) words(x float64) string {
	var b strings.Builder
	for _, n := range h.names {
		for range 3 {
			for _, letter := range n {
				if float64(letter) < x {
					b.WriteRune(letter)
				}
			}
		}
	}
	return b.String()
}

// So many turns take long whatever data there is.
type lock struct{ key uint64 }

func (l lock) Init() tea.Cmd { return nil }

func (l lock) View() string { return "" }

func (l lock) Update(tea.Msg) (tea.Model, tea.Cmd) {
	for range 50_000_000 { // want `warning: .*a loop of many thousand turns computes heavily on tea's loop, use a tea.Cmd`
		l.key ^= l.key << 13
		l.key ^= l.key >> 7
	}
	for range 5000 {
		l.key ^= l.key << 17
	}
	return l, nil
}
