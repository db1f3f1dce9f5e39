package dev.reelbeam.embedded.speech;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads everything that is built around a number: amounts, units, ranges, ratios, times, years. */
final class NumberReader {
  private static final String NUMBER = "\\d+(?:[.,'’\\u00a0\\u202f]\\d+)*";
  private static final String CURRENCY = "(?:US)?[$€£¥₹]";
  private static final String SIGN = "[-−–+~≈<>≤≥±]|(?:#)";

  private static final Pattern CLOCK = Pattern.compile("(\\d{1,2})[:h](\\d{2})(?i:(am|pm))?");
  private static final Pattern HOUR = Pattern.compile("(\\d{1,2})(?i:(am|pm))");
  private static final Pattern RATIO = Pattern.compile("(" + NUMBER + "):(" + NUMBER + ")");
  private static final Pattern RANGE =
      Pattern.compile(
          "("
              + CURRENCY
              + ")?("
              + NUMBER
              + ")(\\D{0,4}?)[-–—]("
              + CURRENCY
              + ")?("
              + NUMBER
              + ")(\\D{0,5})");
  private static final Pattern SIZE =
      Pattern.compile("(" + NUMBER + ")[x×](" + NUMBER + ")(?:[x×](" + NUMBER + "))?");
  private static final Pattern ISO_DATE = Pattern.compile("(\\d{4})-(\\d{2})-(\\d{2})");
  private static final Pattern FRACTION = Pattern.compile("(?:(\\d+)?([½⅓⅔¼¾])|(\\d+/\\d+))");
  private static final Pattern AMOUNT =
      Pattern.compile("(" + SIGN + ")?(" + CURRENCY + ")(" + NUMBER + ")(k|K|M|m|bn|B|tn)?");
  private static final Pattern DECADE = Pattern.compile("['’]?(\\d{2}|\\d{4})['’]?s");
  private static final Pattern ORDINAL = Pattern.compile("(\\d+)(st|nd|rd|th)");
  private static final Pattern VERSION = Pattern.compile("([vV])(\\d+(?:\\.\\d+)*)");
  private static final Pattern DOTTED = Pattern.compile("\\d+(?:\\.\\d+){2,}");
  private static final Pattern COMPOUND = Pattern.compile("(" + NUMBER + ")-(\\p{L}[\\p{L}-]*)");
  private static final Pattern MEASURE =
      Pattern.compile("(" + SIGN + ")?(" + NUMBER + ")([^\\d]*)");
  private static final Pattern PLAIN_YEAR = Pattern.compile("\\d{4}");

  private final Vocabulary words;
  private final NumberWords spell;
  private final String language;
  private final char decimal;

  NumberReader(String language, Vocabulary words) {
    this.language = language;
    this.words = words;
    this.spell = new NumberWords(language, words.get("word.point", "."));
    this.decimal = words.get("decimal", ".").charAt(0);
  }

  /** The words around a token, without their punctuation. */
  record Context(String before, List<String> after) {
    String next() {
      return after.isEmpty() ? "" : after.get(0);
    }
  }

  /**
   * What is said for a row of tokens.
   *
   * @param parts one part per token where each token has words of its own, else a single part
   * @param tokens how many tokens are covered
   * @param takesPoint whether a point behind the token belongs to the number
   */
  record Reading(List<String> parts, int tokens, boolean takesPoint) {
    Reading(String spoken, int tokens) {
      this(List.of(spoken), tokens, false);
    }

    /** A number and, in the token behind it, what is counted. */
    static Reading of(String number, String counted) {
      return new Reading(List.of(number, counted), 2, false);
    }
  }

  /** Digits inside a name: "264" is "two sixty-four" where English names it so. */
  String code(String digits) {
    boolean named =
        language.equals("en") && digits.matches("[1-9]\\d{2,3}") && !digits.endsWith("00");
    if (!named) {
      return spell.of(digits);
    }
    int value = Integer.parseInt(digits);
    if (digits.length() == 4) {
      return value % 1000 < 10 ? spell.of(digits) : spell.year(value);
    }
    return value % 100 < 10
        ? spell.digits(digits)
        : spell.of(digits.substring(0, 1)) + " " + spell.of(digits.substring(1));
  }

  /**
   * Reads a token, or returns null if no number rules it.
   *
   * @param core the token without outer punctuation
   * @param pause punctuation behind it: a unit in the next token counts only without one
   */
  @Nullable Reading read(String core, String pause, Context around) {
    if (core.chars().noneMatch(c -> Character.isDigit(c) || "½⅓⅔¼¾".indexOf(c) >= 0)) {
      return null;
    }
    String text = core.replace("\u202f", "\u00a0");
    if (pause.equals(".") && language.equals("de") && text.matches("[1-3]?\\d")) {
      // German writes the day as "3." before the month.
      if (words.isMonth(around.next())) {
        return new Reading(List.of(spell.ordinal(Long.parseLong(text)) + "n"), 1, true);
      }
    }
    Context next = pause.isEmpty() ? around : new Context(around.before(), List.of());
    Reading reading = date(text);
    if (reading == null) {
      reading = clock(text, next);
    }
    if (reading == null) {
      reading = fraction(text, next);
    }
    if (reading == null) {
      reading = pair(text, next);
    }
    if (reading == null) {
      reading = amount(text, next);
    }
    if (reading == null) {
      reading = rank(text, around);
    }
    return reading == null ? measure(text, next) : reading;
  }

  private @Nullable Reading date(String text) {
    Matcher date = ISO_DATE.matcher(text);
    if (!date.matches()) {
      return null;
    }
    String month = words.month(Integer.parseInt(date.group(2)));
    if (month == null) {
      return null;
    }
    int day = Integer.parseInt(date.group(3));
    String year = year(Integer.parseInt(date.group(1)));
    String spokenDay =
        language.equals("en") || language.equals("de")
            ? spell.ordinal(day) + (language.equals("de") ? "r" : "")
            : spell.of(Integer.toString(day));
    return new Reading(
        language.equals("en")
            ? month + " " + spokenDay + ", " + year
            : spokenDay + " " + month + " " + year,
        1);
  }

  private @Nullable Reading clock(String text, Context around) {
    Matcher hour = HOUR.matcher(text);
    if (hour.matches() && Integer.parseInt(hour.group(1)) <= 12) {
      return new Reading(number(hour.group(1)) + " " + halfDay(hour.group(2)), 1);
    }
    Matcher clock = CLOCK.matcher(text);
    if (!clock.matches()) {
      return null;
    }
    int hours = Integer.parseInt(clock.group(1));
    int minutes = Integer.parseInt(clock.group(2));
    if (hours > 24 || minutes > 59) {
      return null;
    }
    String suffix = clock.group(3) == null ? "" : clock.group(3);
    int used = 1;
    String next = around.next();
    if (suffix.isEmpty() && next.toLowerCase(Locale.ROOT).matches("am|pm|a\\.m|p\\.m")) {
      suffix = next.replace(".", "");
      used = 2;
    }
    boolean timeWord = !next.isEmpty() && next.equals(words.get("time.word"));
    boolean certain =
        text.indexOf('h') > 0
            || !suffix.isEmpty()
            || timeWord
            || minutes == 0
            || clock.group(2).startsWith("0")
            || (hours > 12 && minutes % 15 == 0)
            || words.isTimeCue(around.before());
    if (!certain) {
      return null;
    }
    String h = number(Integer.toString(hours));
    if (hours == 1) {
      h = words.get("one.unit", h);
    }
    String m = number(Integer.toString(minutes));
    String form =
        minutes == 0
            ? (suffix.isEmpty() ? words.get("time.full", "{h}") : "{h}")
            : words.get(minutes < 10 ? "time.small" : "time.minutes", "{h} {m}");
    String spoken = form.replace("{h}", h).replace("{m}", m);
    if (used == 2) {
      return Reading.of(spoken, halfDay(suffix));
    }
    if (!suffix.isEmpty()) {
      spoken += " " + halfDay(suffix);
    }
    return new Reading(spoken, timeWord ? 2 : 1);
  }

  private String halfDay(String suffix) {
    String key = "word." + suffix.toLowerCase(Locale.ROOT).replace(".", "");
    return words.get(key, suffix);
  }

  private @Nullable Reading fraction(String text, Context around) {
    Matcher fraction = FRACTION.matcher(text);
    if (!fraction.matches()) {
      return null;
    }
    String sign = fraction.group(2) == null ? fraction.group(3) : fraction.group(2);
    String spoken = words.get("fraction." + sign);
    if (spoken == null) {
      String[] parts = sign.split("/", -1);
      return parts.length < 2
          ? null
          : new Reading(
              number(parts[0]) + " " + words.get("symbol./", "/") + " " + number(parts[1]), 1);
    }
    if (fraction.group(1) != null) {
      spoken = number(fraction.group(1)) + " " + words.get("fraction.and", "") + " " + spoken;
    }
    String unit = unit(around.next(), /* one= */ fraction.group(1) == null, /* attached= */ false);
    return unit == null ? new Reading(spoken, 1) : Reading.of(spoken, unit);
  }

  /** Two numbers: a range, a ratio, a size. */
  private @Nullable Reading pair(String text, Context around) {
    Matcher size = SIZE.matcher(text);
    if (size.matches()) {
      String by = " " + words.get("word.by", "x") + " ";
      String spoken = side(size.group(1)) + by + side(size.group(2));
      if (size.group(3) != null) {
        spoken += by + side(size.group(3));
      }
      return withUnit(spoken, around, /* one= */ false);
    }
    Matcher ratio = RATIO.matcher(text);
    if (ratio.matches()) {
      return new Reading(
          number(ratio.group(1))
              + " "
              + words.get("word.ratio", ":")
              + " "
              + number(ratio.group(2)),
          1);
    }
    Matcher range = RANGE.matcher(text);
    if (!range.matches()) {
      return null;
    }
    String to = " " + words.get("word.to", "-") + " ";
    String currency = range.group(1) == null ? range.group(4) : range.group(1);
    String from = number(range.group(2));
    String until = number(range.group(5));
    boolean years = isYearLike(range.group(2)) && isYearLike(range.group(5));
    if (years) {
      from = year(Integer.parseInt(range.group(2)));
      until = year(Integer.parseInt(range.group(5)));
    }
    String spoken = from + to + until;
    String suffix = range.group(6);
    if (currency != null) {
      return new Reading(spoken + " " + words.counted("currency." + currency, false), 1);
    }
    if (!suffix.isEmpty()) {
      String unit = unit(suffix, /* one= */ false, /* attached= */ true);
      return unit == null ? null : new Reading(spoken + " " + unit, 1);
    }
    return years ? new Reading(spoken, 1) : withUnit(spoken, around, /* one= */ false);
  }

  /** A side of a picture: "1080" is "ten eighty". */
  private String side(String written) {
    return written.matches("[1-9]\\d{3}") ? code(written) : number(written);
  }

  private @Nullable Reading amount(String text, Context around) {
    Matcher amount = AMOUNT.matcher(text);
    if (!amount.matches()) {
      return null;
    }
    String sign = amount.group(1) == null ? "" : sign(amount.group(1)) + " ";
    String key = "currency." + amount.group(2);
    String number = sign + number(amount.group(3));
    String magnitude = amount.group(4) == null ? null : words.get("magnitude." + amount.group(4));
    if (magnitude != null) {
      return new Reading(number + " " + magnitude + " " + words.counted(key, false), 1);
    }
    magnitude = words.get("magnitude." + around.next());
    if (magnitude != null) {
      return Reading.of(number, magnitude + " " + words.counted(key, false));
    }
    return new Reading(sign + money(amount.group(3), amount.group(2)), 1);
  }

  private String money(String number, String currency) {
    String value = normalized(number);
    int point = value.indexOf('.');
    String whole = point < 0 ? value : value.substring(0, point);
    boolean one = whole.equals("1");
    String spoken =
        (one ? words.get("one.unit", spell.of(whole)) : spell.of(whole))
            + " "
            + words.counted("currency." + currency, one && point < 0);
    if (point >= 0 && value.length() - point == 3 && !value.endsWith(".00")) {
      String cents = words.counted("cents." + currency, false);
      String count = spell.of(Integer.toString(Integer.parseInt(value.substring(point + 1))));
      return whole.equals("0") && cents != null && !cents.isEmpty()
          ? count + " " + cents
          : spoken + " " + count;
    }
    return point >= 0 && !value.endsWith(".00")
        ? spell.of(value) + " " + words.counted("currency." + currency, false)
        : spoken;
  }

  /** Ordinals, decades, versions. */
  private @Nullable Reading rank(String text, Context around) {
    if (language.equals("en")) {
      Matcher ordinal = ORDINAL.matcher(text);
      if (ordinal.matches() && ordinal.group(1).length() < 10) {
        return new Reading(spell.ordinal(Long.parseLong(ordinal.group(1))), 1);
      }
      Matcher decade = DECADE.matcher(text);
      if (decade.matches() && decade.group(1).endsWith("0")) {
        int value = Integer.parseInt(decade.group(1));
        String spoken = decade.group(1).length() == 4 ? year(value) : spell.of(decade.group(1));
        return new Reading(spoken.replaceAll("y$", "ie") + "s", 1);
      }
    }
    String suffixes = words.get("ordinal.suffixes");
    if (suffixes != null) {
      Matcher ordinal = Pattern.compile("(\\d+)(" + suffixes.replace(' ', '|') + ")").matcher(text);
      if (ordinal.matches() && ordinal.group(1).length() < 10) {
        String first = words.get("ordinal." + ordinal.group(1));
        return new Reading(
            first == null ? spell.ordinal(Long.parseLong(ordinal.group(1))) : first, 1);
      }
    }
    Matcher version = VERSION.matcher(text);
    if (version.matches()) {
      String word = words.get("word.version", "v");
      String number = dotted(version.group(2));
      return new Reading(around.before().equalsIgnoreCase(word) ? number : word + " " + number, 1);
    }
    return DOTTED.matcher(text).matches() && !isGrouped(text) ? new Reading(dotted(text), 1) : null;
  }

  private String dotted(String version) {
    StringBuilder spoken = new StringBuilder();
    for (String part : version.split("\\.", -1)) {
      spoken
          .append(spoken.length() == 0 ? "" : " " + pointInVersion() + " ")
          .append(spell.of(part));
    }
    return spoken.toString();
  }

  private String pointInVersion() {
    return language.equals("en") ? "point" : words.get("word.dot", ".");
  }

  /** One number with what belongs to it. */
  private @Nullable Reading measure(String text, Context around) {
    Matcher compound = COMPOUND.matcher(text);
    if (compound.matches()) {
      String unit = unit(compound.group(2), /* one= */ true, /* attached= */ true);
      return new Reading(
          number(compound.group(1)) + " " + (unit == null ? compound.group(2) : unit), 1);
    }
    Matcher measure = MEASURE.matcher(text);
    if (!measure.matches()) {
      return null;
    }
    String sign = measure.group(1) == null ? "" : sign(measure.group(1)) + " ";
    String digits = measure.group(2);
    String suffix = measure.group(3).replace("\u00a0", "").strip();
    boolean one = normalized(digits).equals("1");
    if (!suffix.isEmpty()) {
      // "18mm-thick": the unit, then the word that it is tied to.
      if (words.get("currency." + suffix) != null) {
        return new Reading(sign + money(digits, suffix), 1);
      }
      int dash = suffix.indexOf('-');
      String tied = dash > 0 ? " " + suffix.substring(dash + 1) : "";
      String unit = unit(dash > 0 ? suffix.substring(0, dash) : suffix, one || dash > 0, true);
      return unit == null ? null : new Reading(sign + quantity(digits, one) + " " + unit + tied, 1);
    }
    if (sign.isEmpty() && isYear(digits, around)) {
      return new Reading(year(Integer.parseInt(digits)), 1);
    }
    if (language.equals("en") && digits.length() <= 2 && words.isMonth(around.before())) {
      return new Reading(spell.ordinal(Long.parseLong(digits)), 1);
    }
    String next = around.next();
    if (words.get("currency." + next) != null && digits.matches(".*\\" + decimal + "\\d\\d")) {
      return new Reading(sign + money(digits, next), 2);
    }
    // French writes eighteen thousand as "18 000".
    if (language.equals("fr") && digits.matches("[1-9]\\d{0,2}") && next.matches("\\d{3}")) {
      List<String> rest = around.after().subList(1, around.after().size());
      Reading unit = withUnit(number(digits + next), new Context("", rest), /* one= */ false);
      return new Reading(String.join(" ", unit.parts()), unit.tokens() + 1);
    }
    return withUnit(sign + number(digits), sign + quantity(digits, one), around, one);
  }

  private Reading withUnit(String spoken, Context around, boolean one) {
    return withUnit(spoken, spoken, around, one);
  }

  private Reading withUnit(String alone, String beforeUnit, Context around, boolean one) {
    String magnitude = words.get("magnitude." + around.next());
    if (magnitude != null && around.next().length() > 2) {
      String currency = around.after().size() < 2 ? null : currency(around.after().get(1), false);
      return currency == null
          ? Reading.of(alone, magnitude)
          : new Reading(List.of(alone, magnitude, currency), 3, false);
    }
    String unit = unit(around.next(), one, /* attached= */ false);
    return unit == null ? new Reading(alone, 1) : Reading.of(beforeUnit, unit);
  }

  private String quantity(String digits, boolean one) {
    return one ? words.get("one.unit", number(digits)) : number(digits);
  }

  /** The word for a unit or currency sign, or null if the text is none. */
  private @Nullable String unit(String text, boolean one, boolean attached) {
    if (text.isEmpty()) {
      return null;
    }
    String sign = text.replace('μ', 'µ').replace("º", "°");
    if (!attached && (sign.equals("x") || sign.equals("×"))) {
      return null;
    }
    String spoken = words.counted("unit." + sign, one);
    if (spoken == null) {
      spoken = currency(sign, one);
    }
    if (spoken == null && attached) {
      String magnitude = words.get("magnitude." + sign);
      // "4K" is a size of picture, "40K" is an amount.
      spoken = sign.equals("K") || sign.equals("m") ? null : magnitude;
    }
    return spoken;
  }

  private @Nullable String currency(String sign, boolean one) {
    String spoken = words.counted("currency." + sign, one);
    return spoken == null ? words.counted("code." + sign, one) : spoken;
  }

  private String sign(String sign) {
    return switch (sign) {
      case "-", "−", "–" -> words.get("word.minus", "-");
      case "+" -> words.get("word.plus", "+");
      case "~", "≈" -> words.get("word.about", "");
      case "<" -> words.get("word.less", "<");
      case ">" -> words.get("word.more", ">");
      case "≤" -> words.get("word.atmost", "≤");
      case "≥" -> words.get("word.atleast", "≥");
      case "±" -> words.get("word.plusminus", "±");
      default -> words.get("word.number", "");
    };
  }

  private boolean isYear(String digits, Context around) {
    if (!PLAIN_YEAR.matcher(digits).matches() || unit(around.next(), false, false) != null) {
      return false;
    }
    String range = words.get("years", "");
    if (range == null || range.isEmpty()) {
      return false;
    }
    int year = Integer.parseInt(digits);
    int first = Integer.parseInt(range.substring(0, range.indexOf('-')));
    int last = Integer.parseInt(range.substring(range.indexOf('-') + 1));
    return year >= first && year <= last && (year >= 1900 || words.isYearCue(around.before()));
  }

  private static boolean isYearLike(String digits) {
    return digits.matches("(?:19|20)\\d{2}");
  }

  private String year(int year) {
    return language.equals("en") || language.equals("de")
        ? spell.year(year)
        : spell.of(Integer.toString(year));
  }

  private String number(String written) {
    return spell.of(normalized(written));
  }

  private boolean isGrouped(String written) {
    return written.matches("\\d{1,3}(?:\\.\\d{3})+") && decimal == ',';
  }

  /** Digits with at most one point, whatever the language's own signs. */
  private String normalized(String written) {
    String text = written.replaceAll("['’\\u00a0\\u202f]", "");
    char group = decimal == '.' ? ',' : '.';
    String grouped = "\\d{1,3}(?:\\" + group + "\\d{3})+(?:\\" + decimal + "\\d+)?";
    if (text.matches(grouped)) {
      return text.replace(String.valueOf(group), "").replace(decimal, '.');
    }
    if (text.matches("\\d+\\" + decimal + "\\d+")) {
      return text.replace(decimal, '.');
    }
    // "3.5" in a German text, "3,5" in an English one: not a group of three, so a decimal.
    if (text.matches("\\d+[.,]\\d+")) {
      return text.replace(',', '.');
    }
    return text.replaceAll("[.,]", "");
  }
}
