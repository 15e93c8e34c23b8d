import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.MessageAttributeValue;
import software.amazon.awssdk.services.sns.model.PublishBatchRequestEntry;

/** Publishes orders as events, with the plain AWS SDK. Copy it; docs/wire-format.md has the rules. */
public final class OrderPublisher {
  /** The same in all deployments: source and id together are the event's identity. */
  public static final String SOURCE = "/shop/web";
  static final String TYPE = "order.created";
  static final int BATCH = 10; // the most that PublishBatch takes; together 256 KiB, which orders never reach
  static final int TRIES = 6;
  static final ObjectMapper JSON = new ObjectMapper();
  /** What consumers are subscribed by. */
  static final Map<String, MessageAttributeValue> ATTRIBUTES =
      Map.of("type", MessageAttributeValue.builder().dataType("String").stringValue(TYPE).build());

  /** One event as text. Keep the text until SNS has taken it: a retry sends the same bytes. */
  public static String envelope(String id, String time, JsonNode data, Map<String, JsonNode> extensions)
      throws JsonProcessingException {
    ObjectNode event = JSON.createObjectNode().put("specversion", "1.0").put("id", id).put("source", SOURCE);
    event.put("type", TYPE).put("time", time).put("dataschema", "urn:omnibus:" + TYPE + ":1").setAll(extensions);
    // Unescaped, U+FFFD is what a lost character leaves behind, and consumers refuse it.
    return JSON.writeValueAsString(event.set("data", data)).replace("\ufffd", "\\ufffd");
  }

  /**
   * Sends at most ten events, and again what failed: inside a 200, entries fail one by one.
   * When it throws, publish them all again: the ids stay, so nothing is handled twice.
   */
  static void send(SnsClient sns, String topic, List<String> bodies) throws InterruptedException {
    for (int attempt = 0; !bodies.isEmpty(); attempt++) {
      var entries = new ArrayList<PublishBatchRequestEntry>();
      for (var body : bodies) {
        var entry = PublishBatchRequestEntry.builder().id("" + entries.size());
        entries.add(entry.message(body).messageAttributes(ATTRIBUTES).build());
      }
      var failed = sns.publishBatch(call -> call.topicArn(topic).publishBatchRequestEntries(entries)).failed();
      // What is the sender's fault will be refused again.
      if (!failed.isEmpty() && (attempt == TRIES - 1 || failed.stream().anyMatch(each -> each.senderFault()))) {
        throw new IllegalStateException("SNS did not take " + failed.size() + " events: " + failed.get(0).code());
      }
      var left = new ArrayList<String>();
      for (var each : failed) left.add(bodies.get(Integer.parseInt(each.id())));
      bodies = left;
      if (!left.isEmpty()) Thread.sleep(ThreadLocalRandom.current().nextLong(100L << attempt));
    }
  }
}
