package dev.reelbeam.media.card;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import javax.swing.text.Segment;
import org.fife.ui.rsyntaxtextarea.SyntaxConstants;
import org.fife.ui.rsyntaxtextarea.Token;
import org.fife.ui.rsyntaxtextarea.TokenMaker;
import org.fife.ui.rsyntaxtextarea.TokenMakerFactory;
import org.fife.ui.rsyntaxtextarea.TokenTypes;
import org.jspecify.annotations.Nullable;

/** Source code as coloured pieces; the lexers are those of RSyntaxTextArea. */
final class Syntax {
  /** A piece of one line in one colour. */
  record Piece(String text, int rgb) {}

  static final int PLAIN = 0xd7deea;
  private static final int KEYWORD = 0xc792ea;
  private static final int TYPE = 0xffcb6b;
  private static final int FUNCTION = 0x82aaff;
  private static final int STRING = 0xa5e075;
  private static final int NUMBER = 0xf78c6c;
  private static final int COMMENT = 0x8492ad;
  private static final int ANNOTATION = 0xffcb6b;
  private static final int OPERATOR = 0x89ddff;
  private static final int VARIABLE = 0xf07178;

  private static final Map<String, String> STYLES =
      Map.ofEntries(
          Map.entry("java", SyntaxConstants.SYNTAX_STYLE_JAVA),
          Map.entry("kotlin", SyntaxConstants.SYNTAX_STYLE_KOTLIN),
          Map.entry("kt", SyntaxConstants.SYNTAX_STYLE_KOTLIN),
          Map.entry("scala", SyntaxConstants.SYNTAX_STYLE_SCALA),
          Map.entry("groovy", SyntaxConstants.SYNTAX_STYLE_GROOVY),
          Map.entry("gradle", SyntaxConstants.SYNTAX_STYLE_GROOVY),
          Map.entry("python", SyntaxConstants.SYNTAX_STYLE_PYTHON),
          Map.entry("py", SyntaxConstants.SYNTAX_STYLE_PYTHON),
          Map.entry("javascript", SyntaxConstants.SYNTAX_STYLE_JAVASCRIPT),
          Map.entry("js", SyntaxConstants.SYNTAX_STYLE_JAVASCRIPT),
          Map.entry("jsx", SyntaxConstants.SYNTAX_STYLE_JAVASCRIPT),
          Map.entry("typescript", SyntaxConstants.SYNTAX_STYLE_TYPESCRIPT),
          Map.entry("ts", SyntaxConstants.SYNTAX_STYLE_TYPESCRIPT),
          Map.entry("tsx", SyntaxConstants.SYNTAX_STYLE_TYPESCRIPT),
          Map.entry("c", SyntaxConstants.SYNTAX_STYLE_C),
          Map.entry("h", SyntaxConstants.SYNTAX_STYLE_C),
          Map.entry("cpp", SyntaxConstants.SYNTAX_STYLE_CPLUSPLUS),
          Map.entry("c++", SyntaxConstants.SYNTAX_STYLE_CPLUSPLUS),
          Map.entry("cs", SyntaxConstants.SYNTAX_STYLE_CSHARP),
          Map.entry("csharp", SyntaxConstants.SYNTAX_STYLE_CSHARP),
          Map.entry("go", SyntaxConstants.SYNTAX_STYLE_GO),
          Map.entry("golang", SyntaxConstants.SYNTAX_STYLE_GO),
          Map.entry("rust", SyntaxConstants.SYNTAX_STYLE_RUST),
          Map.entry("rs", SyntaxConstants.SYNTAX_STYLE_RUST),
          Map.entry("ruby", SyntaxConstants.SYNTAX_STYLE_RUBY),
          Map.entry("rb", SyntaxConstants.SYNTAX_STYLE_RUBY),
          Map.entry("php", SyntaxConstants.SYNTAX_STYLE_PHP),
          Map.entry("dart", SyntaxConstants.SYNTAX_STYLE_DART),
          Map.entry("lua", SyntaxConstants.SYNTAX_STYLE_LUA),
          Map.entry("perl", SyntaxConstants.SYNTAX_STYLE_PERL),
          Map.entry("sql", SyntaxConstants.SYNTAX_STYLE_SQL),
          Map.entry("bash", SyntaxConstants.SYNTAX_STYLE_UNIX_SHELL),
          Map.entry("sh", SyntaxConstants.SYNTAX_STYLE_UNIX_SHELL),
          Map.entry("shell", SyntaxConstants.SYNTAX_STYLE_UNIX_SHELL),
          Map.entry("console", SyntaxConstants.SYNTAX_STYLE_UNIX_SHELL),
          Map.entry("bat", SyntaxConstants.SYNTAX_STYLE_WINDOWS_BATCH),
          Map.entry("json", SyntaxConstants.SYNTAX_STYLE_JSON),
          Map.entry("yaml", SyntaxConstants.SYNTAX_STYLE_YAML),
          Map.entry("yml", SyntaxConstants.SYNTAX_STYLE_YAML),
          Map.entry("xml", SyntaxConstants.SYNTAX_STYLE_XML),
          Map.entry("html", SyntaxConstants.SYNTAX_STYLE_HTML),
          Map.entry("css", SyntaxConstants.SYNTAX_STYLE_CSS),
          Map.entry("ini", SyntaxConstants.SYNTAX_STYLE_INI),
          Map.entry("toml", SyntaxConstants.SYNTAX_STYLE_INI),
          Map.entry("properties", SyntaxConstants.SYNTAX_STYLE_PROPERTIES_FILE),
          Map.entry("dockerfile", SyntaxConstants.SYNTAX_STYLE_DOCKERFILE),
          Map.entry("docker", SyntaxConstants.SYNTAX_STYLE_DOCKERFILE),
          Map.entry("makefile", SyntaxConstants.SYNTAX_STYLE_MAKEFILE),
          Map.entry("proto", SyntaxConstants.SYNTAX_STYLE_PROTO),
          Map.entry("protobuf", SyntaxConstants.SYNTAX_STYLE_PROTO),
          Map.entry("markdown", SyntaxConstants.SYNTAX_STYLE_MARKDOWN),
          Map.entry("md", SyntaxConstants.SYNTAX_STYLE_MARKDOWN));

  private static final Pattern SQL = Pattern.compile("(?i)^\\s*(select|insert|create|with)\\s");
  private static final Pattern PYTHON =
      Pattern.compile("(?m)^\\s*(def .*:|import \\w+|from \\w+ import |class \\w+.*:)\\s*$");
  private static final Pattern SHELL =
      Pattern.compile("(?m)^(\\$ |#!|(sudo|curl|docker|git|npm|mvn|cd|\\./) ?)");

  private Syntax() {}

  /** The pieces of each line. */
  static List<List<Piece>> highlight(List<String> lines, @Nullable String language) {
    String style = style(String.join("\n", lines), language);
    TokenMaker lexer = TokenMakerFactory.getDefaultInstance().getTokenMaker(style);
    List<List<Piece>> result = new ArrayList<>();
    int state = TokenTypes.NULL;
    for (String line : lines) {
      char[] chars = line.toCharArray();
      List<Piece> pieces = new ArrayList<>();
      Token first = lexer.getTokenList(new Segment(chars, 0, chars.length), state, 0);
      for (Token token = first;
          token != null && token.isPaintable();
          token = token.getNextToken()) {
        // The lexer keeps its tokens and writes over them: the text is taken out at once.
        pieces.add(new Piece(token.getLexeme(), colour(token, chars)));
      }
      state = lexer.getLastTokenTypeOnLine(new Segment(chars, 0, chars.length), state);
      result.add(pieces);
    }
    return result;
  }

  private static String style(String code, @Nullable String language) {
    if (language != null && !language.isBlank()) {
      String key = language.strip().toLowerCase(Locale.ROOT).replaceFirst("^lang(uage)?-", "");
      return STYLES.getOrDefault(key, SyntaxConstants.SYNTAX_STYLE_NONE);
    }
    String start = code.strip();
    if (start.startsWith("<")) {
      return SyntaxConstants.SYNTAX_STYLE_XML;
    }
    if (start.startsWith("{") || start.startsWith("[")) {
      return SyntaxConstants.SYNTAX_STYLE_JSON;
    }
    if (SQL.matcher(code).find()) {
      return SyntaxConstants.SYNTAX_STYLE_SQL;
    }
    if (PYTHON.matcher(code).find()) {
      return SyntaxConstants.SYNTAX_STYLE_PYTHON;
    }
    if (SHELL.matcher(code).find()) {
      return SyntaxConstants.SYNTAX_STYLE_UNIX_SHELL;
    }
    return code.contains(";") && code.contains("(")
        ? SyntaxConstants.SYNTAX_STYLE_JAVA
        : SyntaxConstants.SYNTAX_STYLE_NONE;
  }

  private static int colour(Token token, char[] line) {
    return switch (token.getType()) {
      case TokenTypes.COMMENT_EOL,
          TokenTypes.COMMENT_MULTILINE,
          TokenTypes.COMMENT_DOCUMENTATION,
          TokenTypes.COMMENT_KEYWORD,
          TokenTypes.COMMENT_MARKUP,
          TokenTypes.MARKUP_COMMENT ->
          COMMENT;
      case TokenTypes.RESERVED_WORD,
          TokenTypes.RESERVED_WORD_2,
          TokenTypes.LITERAL_BOOLEAN,
          TokenTypes.PREPROCESSOR,
          TokenTypes.MARKUP_PROCESSING_INSTRUCTION ->
          KEYWORD;
      case TokenTypes.FUNCTION -> FUNCTION;
      case TokenTypes.LITERAL_NUMBER_DECIMAL_INT,
          TokenTypes.LITERAL_NUMBER_FLOAT,
          TokenTypes.LITERAL_NUMBER_HEXADECIMAL ->
          NUMBER;
      case TokenTypes.LITERAL_STRING_DOUBLE_QUOTE,
          TokenTypes.LITERAL_CHAR,
          TokenTypes.LITERAL_BACKQUOTE,
          TokenTypes.REGEX,
          TokenTypes.MARKUP_TAG_ATTRIBUTE_VALUE,
          TokenTypes.MARKUP_CDATA ->
          STRING;
      case TokenTypes.DATA_TYPE -> TYPE;
      case TokenTypes.ANNOTATION, TokenTypes.MARKUP_TAG_ATTRIBUTE -> ANNOTATION;
      case TokenTypes.VARIABLE, TokenTypes.MARKUP_TAG_NAME -> VARIABLE;
      case TokenTypes.OPERATOR, TokenTypes.SEPARATOR, TokenTypes.MARKUP_TAG_DELIMITER -> OPERATOR;
      case TokenTypes.IDENTIFIER -> identifier(token.getLexeme(), line, token.getEndOffset());
      default -> PLAIN;
    };
  }

  /** What lexers leave open: a call is followed by a bracket, a type starts with a capital. */
  private static int identifier(String name, char[] line, int end) {
    if (end < line.length && line[end] == '(') {
      return FUNCTION;
    }
    boolean capital = name.length() > 1 && Character.isUpperCase(name.charAt(0));
    return capital && !name.equals(name.toUpperCase(Locale.ROOT)) ? TYPE : PLAIN;
  }
}
