import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.InputStreamReader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPInputStream;
import software.amazon.awssdk.services.sns.SnsClient;

/**
 * The shop's order service: takes orders, and publishes each with OrderPublisher, the template, as it stands there.
 *
 * {@code java OrderService TOPIC_ARN ORDERS.csv.gz COUNT SHARE_SENT_TWICE SEED}. Customers come when standard input says
 * so: a line is the number of orders that may be placed now; its end is the service's. Standard output tells what SNS
 * has taken: {@code {"orders": 120, "duplicates": 6}}.
 */
public final class OrderService {
  /** Calls at once: each waits for its answer most of the time. */
  static final int CALLS = 4;
  /** The farthest that a duplicate follows its original, in orders. */
  static final int FARTHEST = 1_000;

  private final SnsClient sns = SnsClient.create();
  private final ExecutorService calls = Executors.newFixedThreadPool(CALLS);
  private final Semaphore free = new Semaphore(CALLS);
  private final Semaphore customers = new Semaphore(0);
  private final AtomicInteger orders = new AtomicInteger();
  private final AtomicInteger duplicates = new AtomicInteger();
  private final String topic;
  private List<String> batch = new ArrayList<>();
  private int ordersInBatch;

  OrderService(String topic) {
    this.topic = topic;
  }

  public static void main(String[] words) throws Exception {
    var service = new OrderService(words[0]);
    var listener = new Thread(service::listen);
    listener.setDaemon(true);
    listener.start();
    service.serve(words[1], Integer.parseInt(words[2]), new BigDecimal(words[3]), new Random(Long.parseLong(words[4])));
    // The listener still waits for customers.
    System.exit(0);
  }

  void serve(String file, int count, BigDecimal share, Random chance) throws Exception {
    int reach = Math.min(FARTHEST, (count + 3) / 4);
    var again = new HashMap<Integer, List<String>>();
    try (var lines = new BufferedReader(
        new InputStreamReader(new GZIPInputStream(new FileInputStream(file)), StandardCharsets.UTF_8))) {
      lines.readLine(); // the header
      for (int at = 0; at < count; at++) {
        customers.acquire();
        var order = order(lines.readLine());
        // The order's own id is the event's. The text is kept as long as it may be sent.
        var body = OrderPublisher.envelope(order.get("orderId").asText(), Instant.now().toString(), order, Map.of());
        add(body, true);
        // Evenly spread: after n orders exactly ⌈n · share⌉ come twice.
        if (twice(at + 1, share) > twice(at, share)) {
          again.computeIfAbsent(at + chance.nextInt(reach), due -> new ArrayList<>()).add(body);
        }
        var due = again.remove(at);
        if (due != null) for (var same : due) add(same, false);
      }
    }
    for (var late : again.values()) for (var same : late) add(same, false);
    send();
    free.acquire(CALLS); // all calls have their answer
  }

  static int twice(int orders, BigDecimal share) {
    return share.multiply(BigDecimal.valueOf(orders)).setScale(0, java.math.RoundingMode.CEILING).intValueExact();
  }

  /** A line of the file: order,customer,date,cds,dollars. Money becomes whole cents, and is never a fraction. */
  static ObjectNode order(String line) {
    var fields = line.split(",");
    return OrderPublisher.JSON.createObjectNode()
        .put("orderId", fields[0])
        .put("customer", fields[1])
        .put("date", fields[2])
        .put("cds", Integer.parseInt(fields[3]))
        .put("cents", new BigDecimal(fields[4]).movePointRight(2).longValueExact());
  }

  void add(String body, boolean first) throws InterruptedException {
    batch.add(body);
    if (first) ordersInBatch++;
    // A customer who waits for others to fill a batch would wait too long.
    if (batch.size() == OrderPublisher.BATCH || customers.availablePermits() == 0) send();
  }

  void send() throws InterruptedException {
    if (batch.isEmpty()) return;
    var bodies = batch;
    int first = ordersInBatch;
    batch = new ArrayList<>();
    ordersInBatch = 0;
    free.acquire();
    calls.execute(() -> {
      try {
        OrderPublisher.send(sns, topic, bodies);
        var told = "{\"orders\":" + orders.addAndGet(first) + ",\"duplicates\":" + duplicates.addAndGet(bodies.size() - first) + "}";
        System.out.println(told);
      } catch (Throwable problem) {
        fail(problem);
      } finally {
        free.release();
      }
    });
  }

  void listen() {
    try (var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (var line = lines.readLine(); line != null; line = lines.readLine()) customers.release(Integer.parseInt(line.trim()));
      // Whoever started the service is gone.
      Runtime.getRuntime().halt(1);
    } catch (Exception problem) {
      fail(problem);
    }
  }

  static void fail(Throwable problem) {
    problem.printStackTrace();
    Runtime.getRuntime().halt(1);
  }
}
