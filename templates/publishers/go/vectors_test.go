// Shows that the publisher builds what the vectors say: VECTORS=FOLDER go test. A JSON line per case; fails if one differs.
package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"
)

type object = map[string]any

type vector struct {
	Name            string
	Body            *string
	Expect          []object
	Source          string
	Id              string
	DeduplicationId string
}

func load(t *testing.T, name string) []vector {
	text, err := os.ReadFile(filepath.Join(os.Getenv("VECTORS"), name+".json"))
	var file struct{ Cases []vector }
	if err == nil {
		err = json.Unmarshal(text, &file)
	}
	if err != nil {
		t.Fatal(err)
	}
	return file.Cases
}

func TestVectors(t *testing.T) {
	tell := func(result object) {
		line, _ := json.Marshal(result)
		fmt.Println(string(line))
		if result["problem"] != nil {
			t.Error(result["case"], result["problem"])
		}
	}
	for _, one := range load(t, "envelopes") {
		if event := buildable(one); event != nil {
			body, problem := rebuild(event, one.Expect[0])
			tell(object{"case": one.Name, "body": body, "problem": problem})
		}
	}
	for _, one := range load(t, "deduplication-id") {
		result := object{"case": "deduplication of " + one.Id, "problem": nil}
		if made := deduplicationId(one.Source, one.Id); made != one.DeduplicationId {
			result["problem"] = "the deduplication id is " + made
		}
		tell(result)
	}
}

// The case's event, if it is one that this publisher may build.
func buildable(one vector) object {
	// These are about the bytes of a text, which a publisher leaves to its JSON library.
	ofTheText := []any{"bad-encoding", "bad-json", "too-large"}
	if one.Body == nil || len(one.Expect) != 1 || slices.Contains(ofTheText, one.Expect[0]["code"]) {
		return nil
	}
	var event object
	if json.Unmarshal([]byte(*one.Body), &event) != nil {
		return nil // an array, or no JSON
	}
	ours := object{"specversion": "1.0", "source": source, "type": eventType, "dataschema": "urn:omnibus:" + eventType + ":1"}
	for name, value := range ours {
		if event[name] != value {
			return nil
		}
	}
	_, id := event["id"].(string)
	_, time := event["time"].(string)
	_, data := event["data"]
	if !id || !time || !data {
		return nil
	}
	return event
}

func rebuild(event, expected object) (string, any) {
	extensions := object{}
	for name, value := range event {
		if !slices.Contains([]string{"specversion", "source", "type", "dataschema", "id", "time", "data"}, name) {
			extensions[name] = value
		}
	}
	body, err := envelope(event["id"].(string), event["time"].(string), event["data"], extensions)
	if err != nil {
		return "", err.Error()
	}
	var built object
	if err := json.Unmarshal([]byte(body), &built); err != nil || !reflect.DeepEqual(built, event) {
		return body, "it is another event"
	}
	if expected["ok"] != true {
		return body, nil // that it is refused, and why, is for consumers to say
	}
	if built["correlationid"] == nil {
		built["correlationid"] = built["id"]
	}
	built["dataHash"] = fmt.Sprintf("%x", sha256.Sum256(canonical(built["data"])))
	for _, name := range []string{"id", "source", "type", "correlationid", "dataHash"} {
		if built[name] != expected[name] {
			return body, fmt.Sprintf("%s is %v, not %v", name, built[name], expected[name])
		}
	}
	return body, nil
}

// RFC 8785, as far as orders need it: keys of ASCII.
func canonical(value any) []byte {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(value)
	return bytes.TrimRight(text.Bytes(), "\n")
}

// For ordered topics: the MessageDeduplicationId, beside a MessageGroupId, the event's partitionkey.
func deduplicationId(source, id string) string {
	return fmt.Sprintf("%x", sha256.Sum256([]byte(source+"\n"+id+"\n")))
}
