// Package shop has a service as programs inject it: an interface, its constructor,
// and an implementation that nobody else sees.
package shop

import "net/http"

type Order struct{ Item string }

type Service interface {
	Process(o *Order)
	Report(sold map[string]int)
}

type service struct{ client *http.Client }

func NewService() Service { return &service{client: http.DefaultClient} }

func (s *service) Process(o *Order) { s.post("http://shop/" + o.Item) }

func (s *service) Report(sold map[string]int) {
	for item := range sold {
		s.post("http://shop/sold/" + item)
	}
}

func (s *service) post(url string) {
	if resp, err := s.client.Get(url); err == nil {
		resp.Body.Close()
	}
}

// A Post sends to one address after the other.
type Post struct{ service }

func NewPost() *Post { return &Post{service{http.DefaultClient}} }

func (p *Post) Send(item string)       { p.post("http://shop/send/" + item) }
func (p *Post) Ping()                  { p.post("http://shop/ping") }
func (p *Post) Check(item string)      { p.post("http://shop/check/" + item) }
func (p *Post) Tell(item string) error { p.post("http://shop/tell/" + item); return nil }

// A Box keeps what it is given.
type Box struct{ items []string }

func (b *Box) Send(item string)       { b.items = append(b.items, item) }
func (b *Box) Ping()                  {}
func (b *Box) Check(item string)      {}
func (b *Box) Tell(item string) error { return nil }
