import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Shows that the publisher builds what the vectors say: {@code java -cp … Vectors.java FOLDER}. A JSON line per case;
 * fails if one differs.
 */
public final class Vectors {
  static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);
  static final Map<String, String> OURS = Map.of("specversion", "1.0", "source", OrderPublisher.SOURCE,
      "type", "order.created", "dataschema", "urn:omnibus:order.created:1");
  /** These are about the bytes of a text, which a publisher leaves to its JSON library. */
  static final Set<String> OF_THE_TEXT = Set.of("bad-encoding", "bad-json", "too-large");
  static boolean failed;

  public static void main(String[] words) throws Exception {
    var folder = Path.of(words[0]);
    for (var one : JSON.readTree(folder.resolve("envelopes.json").toFile()).get("cases")) {
      if (!isBuildable(one)) continue;
      var event = JSON.readTree(one.get("body").asText());
      var extensions = new LinkedHashMap<String, JsonNode>();
      event.properties().forEach(field -> extensions.put(field.getKey(), field.getValue()));
      extensions.keySet().removeAll(OURS.keySet());
      extensions.keySet().removeAll(Set.of("id", "time", "data"));
      var body = OrderPublisher.envelope(
          event.get("id").asText(), event.get("time").asText(), event.get("data"), extensions);
      tell(one.get("name").asText(), body, problemOf(event, JSON.readTree(body), one.get("expect").get(0)));
    }
    for (var one : JSON.readTree(folder.resolve("deduplication-id.json").toFile()).get("cases")) {
      var made = deduplicationId(one.get("source").asText(), one.get("id").asText());
      var right = made.equals(one.get("deduplicationId").asText());
      tell("deduplication of " + one.get("id").asText(), null, right ? null : "the deduplication id is " + made);
    }
    System.exit(failed ? 1 : 0);
  }

  /** Whether it is about one event that this publisher may build. */
  static boolean isBuildable(JsonNode one) throws Exception {
    var expect = one.get("expect");
    if (!one.has("body") || expect.size() != 1 || OF_THE_TEXT.contains(expect.get(0).path("code").asText())) return false;
    var event = JSON.readTree(one.get("body").asText());
    for (var ours : OURS.entrySet()) {
      if (!ours.getValue().equals(event.path(ours.getKey()).textValue())) return false;
    }
    return event.path("id").isTextual() && event.path("time").isTextual() && event.has("data");
  }

  static String problemOf(JsonNode event, JsonNode built, JsonNode expected) throws Exception {
    if (!built.equals(event)) return built + " is another event";
    if (!expected.path("ok").asBoolean()) return null; // that it is refused, and why, is for consumers to say
    var said = new LinkedHashMap<String, String>();
    for (var name : List.of("id", "source", "type")) said.put(name, built.get(name).asText());
    said.put("correlationid", built.hasNonNull("correlationid") ? built.get("correlationid").asText() : said.get("id"));
    said.put("dataHash", sha256(JSON.writeValueAsString(canonical(JSON.convertValue(built.get("data"), Object.class)))));
    for (var each : said.entrySet()) {
      var wanted = expected.path(each.getKey()).asText();
      if (!each.getValue().equals(wanted)) return each.getKey() + " is " + each.getValue() + ", not " + wanted;
    }
    return null;
  }

  /** RFC 8785, as far as orders need it: whole numbers; the mapper orders keys. */
  static Object canonical(Object value) {
    if (value instanceof Map<?, ?> map) {
      var sorted = new LinkedHashMap<Object, Object>();
      map.forEach((key, each) -> sorted.put(key, canonical(each)));
      return sorted;
    }
    if (value instanceof List<?> list) return list.stream().map(Vectors::canonical).toList();
    return value instanceof Double number && number == Math.rint(number) ? (Object) number.longValue() : value;
  }

  /** For ordered topics: the MessageDeduplicationId, beside a MessageGroupId, the event's partitionkey. */
  static String deduplicationId(String source, String id) throws Exception {
    return sha256(source + "\n" + id + "\n");
  }

  static String sha256(String text) throws Exception {
    var digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(digest);
  }

  static void tell(String name, String body, String problem) throws Exception {
    failed |= problem != null;
    var line = new LinkedHashMap<String, Object>();
    line.put("case", name);
    line.put("body", body);
    line.put("problem", problem);
    System.out.println(JSON.writeValueAsString(line));
  }
}
