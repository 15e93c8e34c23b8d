// Publishes orders as events, with the plain AWS SDK. Copy it; docs/wire-format.md has the rules.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"
)

const batchSize, tries = 10, 6 // PublishBatch takes ten, of 256 KiB together, which orders never reach
// The source is the same in all deployments: source and id together are the event's identity.
var kind, source, eventType = "String", "/shop/web", "order.created"

// What consumers are subscribed by.
var attributes = map[string]types.MessageAttributeValue{"type": {DataType: &kind, StringValue: &eventType}}

// One event as text. Keep the text until SNS has taken it: a retry sends the same bytes.
func envelope(id, happened string, data any, extensions map[string]any) (string, error) {
	event := map[string]any{"specversion": "1.0", "id": id, "source": source, "type": eventType,
		"time": happened, "dataschema": "urn:omnibus:" + eventType + ":1", "data": data}
	maps.Copy(event, extensions)
	body, err := json.Marshal(event)
	return strings.ReplaceAll(string(body), "\ufffd", `\ufffd`), err // unescaped, it stands for a lost character
}

// Sends at most ten events, and again what failed: inside a 200, entries fail one by one.
// When it fails for good, publish them all again: the ids stay, so nothing is handled twice.
func send(client *sns.Client, topic string, bodies []string) error {
	for attempt := 0; len(bodies) > 0; attempt++ {
		entries, left := []types.PublishBatchRequestEntry{}, []string{}
		for at, body := range bodies {
			id := strconv.Itoa(at)
			entries = append(entries, types.PublishBatchRequestEntry{Id: &id, Message: &body, MessageAttributes: attributes})
		}
		answer, err := client.PublishBatch(context.TODO(),
			&sns.PublishBatchInput{TopicArn: &topic, PublishBatchRequestEntries: entries})
		if err != nil {
			return err
		}
		for _, failed := range answer.Failed {
			if attempt == tries-1 || failed.SenderFault { // the same bytes will be refused again
				return fmt.Errorf("SNS did not take %d events: %s", len(answer.Failed), *failed.Code)
			}
			at, _ := strconv.Atoi(*failed.Id)
			left = append(left, bodies[at])
		}
		if bodies = left; len(left) > 0 {
			time.Sleep(time.Duration(rand.Intn(100<<attempt)) * time.Millisecond)
		}
	}
	return nil
}
