package dev.reelbeam.clients.http;

import dev.reelbeam.model.json.RecordJson;
import dev.reelbeam.model.meter.WorkMeter;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import okhttp3.Request;
import okhttp3.RequestBody;
import okio.Buffer;

/**
 * Paid requests of this process of which nobody knows whether they were carried out. Thread-safe.
 *
 * <p>Of each there is a hash of what was sent, and for whom. A person who asks for a record again,
 * asks in another epoch or another process: that is another request.
 */
final class LostCalls {
  /** More than any process loses; the oldest are forgotten. */
  private static final int MOST = 100_000;

  private static final Map<String, Integer> LOST =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Integer> eldest) {
          return size() > MOST;
        }
      };

  private LostCalls() {}

  /** What tells a request of this thread from all others; empty if it cannot be read to send it. */
  static String name(Request request) {
    Buffer sent = new Buffer();
    sent.writeUtf8(WorkMeter.order());
    sent.writeByte('\n');
    sent.writeUtf8(request.method());
    sent.writeByte(' ');
    sent.writeUtf8(request.url().toString());
    sent.writeByte('\n');
    RequestBody body = request.body();
    if (body != null) {
      try {
        body.writeTo(sent);
      } catch (IOException e) {
        return ""; // It fails, and is told, where it is sent.
      }
    }
    return RecordJson.sha256(sent.readByteArray());
  }

  /** How often the request was lost. */
  static int times(String name) {
    synchronized (LOST) {
      return LOST.getOrDefault(name, 0);
    }
  }

  /** It was lost once more; how often by now. */
  static int add(String name) {
    synchronized (LOST) {
      return LOST.merge(name, 1, Integer::sum);
    }
  }
}
