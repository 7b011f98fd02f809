// Package shares cuts lists into parts.
package shares

// Deal makes n parts.
func Deal[T any](list []T, n int) [][]T {
	parts := make([][]T, n)
	for i, x := range list {
		parts[i%n] = append(parts[i%n], x)
	}
	return parts
}

// Cut makes parts of a size.
func Cut(list []string, size int) (parts [][]string, err error) {
	var out [][]string
	for i := 0; i < len(list); i += size {
		out = append(out, list[i:min(i+size, len(list))])
	}
	return out, nil
}

// Of makes parts of a size by taking the front off.
func Of(list []string, size int) [][]string {
	var out [][]string
	for len(list) > 0 {
		n := min(size, len(list))
		out = append(out, list[:n])
		list = list[n:]
	}
	return out
}

// Without has an element for each item, but the first n.
func Without(list []string, n int) [][]string {
	var out [][]string
	for _, x := range list[n:] {
		out = append(out, []string{x})
	}
	return out
}
