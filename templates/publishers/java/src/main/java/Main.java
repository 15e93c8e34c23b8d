import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Map;
import software.amazon.awssdk.services.sns.SnsClient;

/** {@code java Main TOPIC_ARN < orders.jsonl}, where a line is an order: {"orderId": "o-1", "cents": 1250} */
public final class Main {
  public static void main(String[] words) throws Exception {
    var topic = words[0];
    var bodies = new ArrayList<String>();
    int published = 0;
    try (var sns = SnsClient.create();
        var orders = OrderPublisher.JSON.readerFor(JsonNode.class).<JsonNode>readValues(System.in)) {
      while (orders.hasNext()) {
        var order = orders.next();
        // An id of your own is the best one: a publisher that died may start again from the beginning.
        var id = order.get("orderId").asText();
        bodies.add(OrderPublisher.envelope(id, Instant.now().toString(), order, Map.of()));
        published++;
        if (bodies.size() < OrderPublisher.BATCH && orders.hasNext()) continue;
        OrderPublisher.send(sns, topic, bodies);
        bodies.clear();
      }
    }
    System.out.println("published " + published);
  }
}
