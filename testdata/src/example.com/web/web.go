// Package web stands for frameworks whose handlers get one value for the request and
// the answer.
package web

import "net/http"

// Exchange has both in fields.
type Exchange struct {
	Request *http.Request
	Writer  ResponseWriter
}

// ResponseWriter does more than that of net/http.
type ResponseWriter interface {
	http.ResponseWriter
	Size() int
}

// Param is a part of the path.
func (e *Exchange) Param(name string) string { return e.Request.PathValue(name) }

// Call gives both.
type Call interface {
	Request() *http.Request
	Response() *Response
	Param(name string) string
}

// Response is an answer.
type Response struct{ writer http.ResponseWriter }

func (r *Response) Header() http.Header         { return r.writer.Header() }
func (r *Response) WriteHeader(code int)        { r.writer.WriteHeader(code) }
func (r *Response) Write(b []byte) (int, error) { return r.writer.Write(b) }

// Recorded has a request, and nobody to answer.
type Recorded struct{ Request *http.Request }
