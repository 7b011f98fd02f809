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
