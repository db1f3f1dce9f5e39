package dev.reelbeam.embedded.moderation;

import java.math.BigInteger;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers of cards and accounts, which nobody meant to read out: known by their check digits. */
final class PersonalData {
  private static final Pattern CARD = Pattern.compile("(?<!\\d)(?:\\d[ -]?){12,18}\\d(?!\\d)");
  private static final Pattern IBAN =
      Pattern.compile("\\b[A-Z]{2}\\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\\b");
  private static final BigInteger NINETY_SEVEN = BigInteger.valueOf(97);

  private PersonalData() {}

  /** What kind of number stands there; empty if none does. */
  static String find(String text) {
    Matcher card = CARD.matcher(text);
    while (card.find()) {
      if (luhn(card.group().replaceAll("\\D", ""))) {
        return "the number of a payment card";
      }
    }
    Matcher iban = IBAN.matcher(text.toUpperCase(Locale.ROOT));
    while (iban.find()) {
      if (validIban(iban.group().replace(" ", ""))) {
        return "the number of a bank account";
      }
    }
    return "";
  }

  private static boolean luhn(String digits) {
    int sum = 0;
    for (int i = 0; i < digits.length(); i++) {
      int digit = digits.charAt(digits.length() - 1 - i) - '0';
      int weighted = i % 2 == 0 ? digit : digit * 2;
      sum += weighted > 9 ? weighted - 9 : weighted;
    }
    // A row of zeros is a number in a table.
    return sum > 0 && sum % 10 == 0;
  }

  private static boolean validIban(String iban) {
    StringBuilder number = new StringBuilder();
    for (char letter : (iban.substring(4) + iban.substring(0, 4)).toCharArray()) {
      // A is 10, Z is 35.
      number.append(Character.digit(letter, 36));
    }
    return new BigInteger(number.toString()).mod(NINETY_SEVEN).intValue() == 1;
  }
}
