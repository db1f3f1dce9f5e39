package dev.reelbeam.stages.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.reelbeam.model.content.BlockKind;
import dev.reelbeam.model.content.ContentImage;
import dev.reelbeam.model.content.SourceBlock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

class HtmlBlocksTest {
  private static HtmlBlocks.Parsed parse(String html) {
    return HtmlBlocks.parse(html, HtmlBlocks.Limits.DEFAULT);
  }

  private static List<String> texts(HtmlBlocks.Parsed parsed) {
    return parsed.blocks().stream().map(SourceBlock::text).toList();
  }

  @Test
  void keepsTheDocumentOrderOfEveryKindOfBlock() {
    HtmlBlocks.Parsed parsed =
        parse(
            "<h2>Start</h2><p>One <b>bold</b> word.</p><ul><li>first</li><li>second</li></ul>"
                + "<blockquote><p>Said.</p></blockquote>"
                + "<pre><code class=\"language-java\">int a = 1;\n  int b;\n</code></pre>"
                + "<table><tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2</td></tr></table>"
                + "<figure><img src=\"a.jpg\" alt=\"alt\"><figcaption>cap</figcaption></figure>");

    assertThat(parsed.blocks())
        .extracting(SourceBlock::kind, SourceBlock::level, SourceBlock::text, SourceBlock::items)
        .containsExactly(
            tuple(BlockKind.HEADING, 2, "Start", List.of()),
            tuple(BlockKind.PARAGRAPH, 0, "One bold word.", List.of()),
            tuple(BlockKind.LIST, 0, "", List.of("first", "second")),
            tuple(BlockKind.QUOTE, 0, "Said.", List.of()),
            tuple(BlockKind.CODE, 0, "int a = 1;\n  int b;", List.of()),
            tuple(BlockKind.TABLE, 0, "", List.of("A | B", "1 | 2")),
            tuple(BlockKind.PICTURE, 0, "cap", List.of()));
    assertThat(parsed.blocks().get(4).language()).isEqualTo("java");
    assertThat(parsed.images())
        .containsExactly(new ContentImage("a.jpg", "alt", "cap", null, null));
  }

  @Test
  void aVideoIsShownWhereItStandsByItsFirstUsableSource() {
    HtmlBlocks.Parsed parsed =
        parse(
            "<p>Before.</p><figure><video controls poster='p.jpg'><source src='blob:x'>"
                + "<source src='pour.webm' type='video/webm'><source src='pour.mp4'>"
                + "<p>Your browser cannot.</p></video><figcaption>The pour</figcaption></figure>"
                + "<video src='cup.mp4#t=2,5' aria-label='A cup'></video><p>After.</p>");

    assertThat(texts(parsed)).containsExactly("Before.", "The pour", "A cup", "After.");
    assertThat(parsed.images())
        .containsExactly(
            new ContentImage("pour.webm", null, "The pour", null, null),
            new ContentImage("cup.mp4#t=2,5", "A cup", null, null, null));
  }

  @Test
  void leavesOutWhatIsNoContent() {
    HtmlBlocks.Parsed parsed =
        parse(
            "<html><head><title>T</title><style>p{}</style></head><body><header>Site</header>"
                + "<nav>Menu</nav><main><article><header><h1>Title</h1></header><p>Text.</p>"
                + "<script>alert(1)</script><form>Sign up<input></form><p hidden>gone</p>"
                + "<p style='display: none'>gone too</p><aside>Ad</aside></article></main>"
                + "<footer>Imprint</footer></body></html>");

    assertThat(texts(parsed)).containsExactly("Title", "Text.");
  }

  @Test
  void removesCitationMarksAndInvisibleCharacters() {
    HtmlBlocks.Parsed parsed =
        parse(
            "<p>Wa\u200Bter boils<sup>1</sup> at 100&nbsp;&deg;C.<sup><a href='#n'>[12]</a></sup> "
                + "A room of 20 m<sup>2</sup> is\u00AD small.[3] \u202Ereversed\u202C</p>");

    assertThat(texts(parsed))
        .containsExactly("Water boils at 100 °C. A room of 20 m² is small. reversed");
  }

  @Test
  void keepsJoinersThatCarryMeaning() {
    assertThat(texts(parse("<p>👩‍🔬 می‌خواهم</p>"))).containsExactly("👩‍🔬 می‌خواهم");
  }

  @Test
  void splitsParagraphsAtDoubleLineBreaks() {
    assertThat(texts(parse("One<br>line.<br><br>Next line.<div>In a div.</div>")))
        .containsExactly("One line.", "Next line.", "In a div.");
  }

  @Test
  void readsTextOutOfLayoutTables() {
    HtmlBlocks.Parsed parsed =
        parse("<table><tr><td><p>Left text.</p></td><td><p>Right text.</p></td></tr></table>");

    assertThat(parsed.blocks()).extracting(SourceBlock::kind).containsOnly(BlockKind.PARAGRAPH);
    assertThat(texts(parsed)).containsExactly("Left text.", "Right text.");
  }

  @Test
  void takesTheLargestSourceAndSkipsUnusableOnes() {
    HtmlBlocks.Parsed parsed =
        parse(
            "<img src='s.jpg' srcset='m.jpg 800w, l.jpg 1600w'><img alt='no source'>"
                + "<img src='data:image/png;base64,AAAA'><img src='pixel.gif' width='1' height='1'>"
                + "<picture><source srcset='p.webp 2x, q.webp 3x'><img src='p.jpg'></picture>"
                + "<img data-src='lazy.jpg' alt='Lazy'>");

    assertThat(parsed.images())
        .extracting(ContentImage::url)
        .containsExactly("l.jpg", "q.webp", "lazy.jpg");
    assertThat(parsed.blocks()).extracting(SourceBlock::imageIndex).containsExactly(0, 1, 2);
  }

  @Test
  void joinsPicturesWithThoseThatTheRecordDeclares() {
    List<ContentImage> declared =
        List.of(
            new ContentImage("b.jpg", "Declared", null, "Ann", "CC-BY"),
            new ContentImage("z.jpg", "Only declared", null, null, null));

    HtmlBlocks.Parsed parsed =
        HtmlBlocks.parse(
            "<p>A.</p><img src='a.jpg'><p>B.</p><figure><img src='b.jpg' alt='page'>"
                + "<figcaption>Cap</figcaption></figure><img src='a.jpg'>",
            declared,
            HtmlBlocks.Limits.DEFAULT);

    assertThat(parsed.images())
        .containsExactly(
            new ContentImage("a.jpg", null, null, null, null),
            new ContentImage("b.jpg", "Declared", "Cap", "Ann", "CC-BY"),
            new ContentImage("z.jpg", "Only declared", null, null, null));
    assertThat(parsed.blocks().stream().filter(b -> b.kind() == BlockKind.PICTURE))
        .extracting(SourceBlock::imageIndex)
        .containsExactly(0, 1, 0);
  }

  @Test
  void keepsASentenceWholeThatHasAPictureInside() {
    HtmlBlocks.Parsed parsed = parse("<p>Before <img src='i.png' alt='x'> after.</p>");

    assertThat(parsed.blocks())
        .extracting(SourceBlock::kind, SourceBlock::text)
        .containsExactly(
            tuple(BlockKind.PARAGRAPH, "Before after."), tuple(BlockKind.PICTURE, "x"));
  }

  @Test
  void flattensTenThousandNestedTags() {
    for (String tag : List.of("div", "blockquote", "ul><li", "span", "b", "table><tr><td")) {
      String open = "<" + tag + ">";
      String html = open.repeat(10_000) + "Deep text." + "</div>".repeat(10);

      HtmlBlocks.Parsed parsed =
          Assertions.assertTimeout(Duration.ofSeconds(20), () -> parse(html), tag);

      assertThat(
              parsed.blocks().stream()
                  .anyMatch(
                      b -> b.text().contains("Deep text.") || b.items().contains("Deep text.")))
          .as(tag)
          .isTrue();
    }
  }

  @Test
  void readsFiveMegabytesOfSoupInSeconds() {
    StringBuilder soup = new StringBuilder();
    while (soup.length() < 5_000_000) {
      soup.append(
          "<p>Some <b>text <i>that</b> never</i> closes <td>&amp; more<script>x<y</script>");
    }

    HtmlBlocks.Parsed parsed =
        Assertions.assertTimeout(Duration.ofSeconds(15), () -> parse(soup.toString()));

    assertThat(parsed.blocks()).hasSizeLessThanOrEqualTo(500).isNotEmpty();
    assertThat(parsed.notes()).isNotEmpty();
  }

  @Test
  void boundsTheTextAndSaysSo() {
    HtmlBlocks.Limits limits = new HtmlBlocks.Limits(100, 3, 1);

    HtmlBlocks.Parsed longText = HtmlBlocks.parse("<p>" + "word ".repeat(1000), limits);
    HtmlBlocks.Parsed manyBlocks = HtmlBlocks.parse("<p>a</p>".repeat(9), limits);
    HtmlBlocks.Parsed manyPictures = HtmlBlocks.parse("<img src=a><img src=b>", limits);

    assertThat(longText.blocks().get(0).text()).hasSizeLessThanOrEqualTo(100);
    assertThat(longText.notes()).containsExactly("only the first 100 characters were read");
    assertThat(manyBlocks.blocks()).hasSize(3);
    assertThat(manyBlocks.notes()).containsExactly("only the first 3 blocks were read");
    assertThat(manyPictures.images()).hasSize(1);
    assertThat(manyPictures.notes()).containsExactly("only the first 1 pictures were read");
  }

  @Test
  void readsOnlyPicturesAndNothingAtAll() {
    assertThat(parse("<img src='a.jpg'><img src='b.jpg'>").blocks())
        .extracting(SourceBlock::kind)
        .containsOnly(BlockKind.PICTURE)
        .hasSize(2);
    assertThat(parse("").blocks()).isEmpty();
    assertThat(parse("Only text, no tag.").blocks())
        .extracting(SourceBlock::text)
        .containsExactly("Only text, no tag.");
  }
}
