package dev.reelbeam.media.picture;

import com.github.weisj.jsvg.SVGDocument;
import com.github.weisj.jsvg.parser.LoaderContext;
import com.github.weisj.jsvg.parser.SVGLoader;
import com.github.weisj.jsvg.parser.resources.ResourcePolicy;
import com.github.weisj.jsvg.renderer.NullPlatformSupport;
import com.github.weisj.jsvg.view.ViewBox;
import dev.reelbeam.model.failure.FailureCode;
import dev.reelbeam.model.failure.StageException;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.StringReader;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.namespace.QName;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/**
 * Draws SVG documents of strangers: no document type, no entity, no reference out of the document,
 * and a bound on how much drawing references inside it can multiply.
 */
final class SvgRaster {
  private static final int MAX_BYTES = 5_000_000;
  private static final int MAX_DEPTH = 100;

  /** Elements drawn after every reference has been followed. */
  private static final long MAX_DRAWN_ELEMENTS = 200_000;

  private static final int MAX_FILTER_PRIMITIVES = 40;
  private static final int SMALLEST_RASTER_PX = 64;
  private static final PictureLimits EMBEDDED = new PictureLimits(5_000_000, 16_000_000L, 1);
  private static final Pattern ENCODING =
      Pattern.compile("<\\?xml[^>]*encoding=[\"']([A-Za-z0-9._-]+)[\"']");

  /** Only data that the document itself carries; the library's own policies log every refusal. */
  private static final ResourcePolicy INLINE_ONLY =
      new ResourcePolicy() {
        @Override
        public @Nullable URI resolveResourceURI(@Nullable URI base, String reference) {
          return reference.startsWith("data:")
              ? ResourcePolicy.DENY_EXTERNAL.resolveResourceURI(base, reference)
              : null;
        }

        @Override
        public @Nullable URI resolveResourceURI(@Nullable URI base, URI reference) {
          return "data".equals(reference.getScheme()) ? reference : null;
        }
      };

  private static final Pattern REFERENCE = Pattern.compile("#([^\\s)\"']+)");

  /** Its loader prints stack traces of bad documents; here they are refusals with a number. */
  private static final Logger LIBRARY_LOG = Logger.getLogger("com.github.weisj.jsvg");

  static {
    LIBRARY_LOG.setLevel(Level.OFF);
  }

  private SvgRaster() {}

  /**
   * The drawing with {@code maxSidePx} on its longer side, on a transparent ground.
   *
   * @throws StageException 3001 when it is no readable SVG, 3002 when it would draw too much, 3004
   *     when its shape is too thin
   */
  static PixelGrid draw(byte[] bytes, int maxSidePx, String name) throws StageException {
    if (bytes.length > MAX_BYTES) {
      throw tooMuch(name, bytes.length / 1_000_000 + " MB of SVG, at most 5");
    }
    try {
      String text = text(bytes);
      requireBounded(text, name);
      SVGDocument document =
          new SVGLoader()
              .load(
                  () -> factory().createXMLEventReader(new StringReader(text)),
                  null,
                  LoaderContext.builder().externalResourcePolicy(INLINE_ONLY).build());
      if (document == null) {
        throw new StageException(
            FailureCode.PICTURE_UNDECODABLE, name + ": the SVG cannot be read");
      }
      return paint(document, maxSidePx, name);
    } catch (XMLStreamException e) {
      throw new StageException(
          FailureCode.PICTURE_UNDECODABLE, name + ": the SVG is not well-formed XML", e);
    } catch (RuntimeException e) {
      throw new StageException(
          FailureCode.PICTURE_UNDECODABLE, name + ": the SVG cannot be drawn", e);
    }
  }

  private static PixelGrid paint(SVGDocument document, int maxSidePx, String name)
      throws StageException {
    double w = document.size().getWidth();
    double h = document.size().getHeight();
    if (!(w > 0) || !(h > 0) || Double.isInfinite(w) || Double.isInfinite(h)) {
      throw new StageException(
          FailureCode.PICTURE_UNDECODABLE, name + ": the SVG has no size and no view box");
    }
    double scale = maxSidePx / Math.max(w, h);
    int width = (int) Math.round(w * scale);
    int height = (int) Math.round(h * scale);
    if (Math.min(width, height) < SMALLEST_RASTER_PX) {
      throw new StageException(
          FailureCode.PICTURE_TOO_SMALL, name + ": " + width + "x" + height + " when drawn");
    }
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
    Graphics2D g = image.createGraphics();
    try {
      g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
      g.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
      g.setRenderingHint(
          RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
      document.renderWithPlatform(NullPlatformSupport.INSTANCE, g, new ViewBox(width, height));
    } finally {
      g.dispose();
    }
    return PixelGrid.of(image);
  }

  private static XMLInputFactory factory() {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setXMLResolver(
        (publicId, systemId, base, namespace) -> new ByteArrayInputStream(new byte[0]));
    return factory;
  }

  /** Decoded here, because the parser would print malformed bytes to the console. */
  private static String text(byte[] bytes) {
    if ((bytes.length > 1 && Bytes.u16(bytes, 0) == 0xFEFF) || Bytes.u16(bytes, 0) == 0xFFFE) {
      return new String(bytes, StandardCharsets.UTF_16);
    }
    String utf8 = new String(bytes, StandardCharsets.UTF_8);
    Matcher declared = ENCODING.matcher(utf8);
    if (declared.lookingAt() && Charset.isSupported(declared.group(1))) {
      return new String(bytes, Charset.forName(declared.group(1)));
    }
    return utf8.startsWith("\uFEFF") ? utf8.substring(1) : utf8;
  }

  private static final class Element {
    final List<Element> children = new ArrayList<>();
    final List<String> references = new ArrayList<>();
    long repeats = 1;
  }

  private static void requireBounded(String text, String name)
      throws XMLStreamException, StageException {
    Map<String, Element> byId = new HashMap<>();
    Element root = new Element();
    Deque<Element> open = new ArrayDeque<>();
    open.push(root);
    int filters = 0;
    XMLStreamReader xml = factory().createXMLStreamReader(new StringReader(text));
    try {
      while (xml.hasNext()) {
        int event = xml.next();
        if (event == XMLStreamConstants.START_ELEMENT) {
          Element element = new Element();
          open.element().children.add(element);
          open.push(element);
          if (open.size() > MAX_DEPTH) {
            throw tooMuch(name, "elements nested deeper than " + MAX_DEPTH);
          }
          if (xml.getLocalName().startsWith("fe") && ++filters > MAX_FILTER_PRIMITIVES) {
            throw tooMuch(name, "more than " + MAX_FILTER_PRIMITIVES + " filter steps");
          }
          readAttributes(xml, element, byId, name);
        } else if (event == XMLStreamConstants.END_ELEMENT) {
          open.pop();
        }
      }
    } finally {
      xml.close();
    }
    long drawn = drawn(root, byId, new HashMap<>(), new HashSet<>());
    if (drawn > MAX_DRAWN_ELEMENTS) {
      throw tooMuch(name, "its references multiply to more than " + MAX_DRAWN_ELEMENTS + " shapes");
    }
  }

  private static void readAttributes(
      XMLStreamReader xml, Element element, Map<String, Element> byId, String name)
      throws StageException {
    for (int i = 0; i < xml.getAttributeCount(); i++) {
      QName attribute = xml.getAttributeName(i);
      String value = xml.getAttributeValue(i);
      String key = attribute.getLocalPart().toLowerCase(Locale.ROOT);
      if (value.startsWith("data:")) {
        requireModest(value, name);
      } else if (key.equals("id")) {
        byId.putIfAbsent(value, element);
      } else if (key.equals("d") || key.equals("points")) {
        // A marker is drawn at every vertex.
        element.repeats = 1 + value.length() / 8;
      } else if (value.indexOf('#') >= 0) {
        Matcher matcher = REFERENCE.matcher(value);
        while (matcher.find()) {
          element.references.add(matcher.group(1));
        }
      }
    }
  }

  /** A picture inside the drawing passes the same header checks, with tighter bounds. */
  private static void requireModest(String dataUri, String name) throws StageException {
    int comma = dataUri.indexOf(',');
    if (comma < 0 || !dataUri.substring(0, comma).endsWith(";base64")) {
      throw new StageException(
          FailureCode.PICTURE_FORMAT_UNSUPPORTED, name + ": an embedded part that is not base64");
    }
    byte[] embedded = Base64.getMimeDecoder().decode(dataUri.substring(comma + 1));
    PictureHeader header = PictureHeaders.read(embedded, EMBEDDED, name + ", embedded picture");
    if (header.format() == PictureFormat.SVG) {
      throw tooMuch(name, "a drawing inside a drawing");
    }
  }

  /** Saturating count of what is drawn for an element; the drawing library breaks circles. */
  private static long drawn(
      Element element, Map<String, Element> byId, Map<Element, Long> known, Set<Element> underWay) {
    Long before = known.get(element);
    if (before != null) {
      return before;
    }
    if (!underWay.add(element)) {
      return 0;
    }
    long total = 1;
    for (Element child : element.children) {
      total = Math.min(Integer.MAX_VALUE, total + drawn(child, byId, known, underWay));
    }
    for (String reference : element.references) {
      Element target = byId.get(reference);
      if (target != null) {
        long each = drawn(target, byId, known, underWay);
        long times = each > 20 ? element.repeats : 1;
        total = Math.min(Integer.MAX_VALUE, total + each * times);
      }
    }
    underWay.remove(element);
    known.put(element, total);
    return total;
  }

  private static StageException tooMuch(String name, String why) {
    return new StageException(FailureCode.PICTURE_TOO_LARGE, name + ": " + why);
  }
}
