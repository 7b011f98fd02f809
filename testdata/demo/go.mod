module example.com/thumbs

go 1.26.0

require (
	github.com/eclipse/paho.mqtt.golang v1.5.1
	golang.org/x/sync v0.24.0
)

require (
	github.com/gorilla/websocket v1.5.3 // indirect
	golang.org/x/net v0.62.0 // indirect
)
