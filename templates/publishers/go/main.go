// go run . TOPIC_ARN < orders.jsonl, where a line is an order: {"orderId": "o-1", "cents": 1250}
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"os"
	"time"

	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/sns"
)

func main() {
	settings, err := config.LoadDefaultConfig(context.TODO())
	check(err)
	client, topic := sns.NewFromConfig(settings), os.Args[1]
	published, bodies := 0, []string{}
	for lines := json.NewDecoder(os.Stdin); ; {
		var data json.RawMessage // as it came: no number is rounded
		if err := lines.Decode(&data); err == io.EOF {
			break
		} else {
			check(err)
		}
		var order struct{ OrderId string }
		check(json.Unmarshal(data, &order))
		// An id of your own is the best one: a publisher that died may start again from the beginning.
		body, err := envelope(order.OrderId, time.Now().UTC().Format(time.RFC3339Nano), data, nil)
		check(err)
		if bodies = append(bodies, body); len(bodies) == batchSize {
			check(send(client, topic, bodies))
			published, bodies = published+len(bodies), nil
		}
	}
	check(send(client, topic, bodies))
	fmt.Println("published", published+len(bodies))
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
