package dev.reelbeam.simulators;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import mockwebserver3.RecordedRequest;
import okhttp3.MultipartReader;
import okio.Buffer;
import okio.ByteString;

/** The parts of a multipart form by their names. */
final class FormParts {
  private static final Pattern BOUNDARY = Pattern.compile("boundary=\"?([^\";]+)");
  private static final Pattern NAME = Pattern.compile("[; ]name=\"([^\"]*)\"");

  private FormParts() {}

  /** Empty if the request holds no form. */
  static Map<String, ByteString> of(RecordedRequest request) {
    Map<String, ByteString> parts = new HashMap<>();
    String type = request.getHeaders().get("Content-Type");
    ByteString body = request.getBody();
    Matcher boundary = BOUNDARY.matcher(type == null ? "" : type);
    if (body == null || !boundary.find()) {
      return parts;
    }
    try (MultipartReader reader =
        new MultipartReader(new Buffer().write(body), boundary.group(1))) {
      for (MultipartReader.Part part = reader.nextPart(); part != null; part = reader.nextPart()) {
        String disposition = part.headers().get("Content-Disposition");
        Matcher name = NAME.matcher(disposition == null ? "" : disposition);
        if (name.find()) {
          parts.put(name.group(1), part.body().readByteString());
        }
      }
    } catch (IOException e) {
      // A form that is cut off: what came is what there is.
    }
    return parts;
  }
}
