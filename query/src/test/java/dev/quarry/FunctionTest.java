package dev.quarry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.QuarryException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The functions, family by family: what a call gives, or the code of the error that it raises.
class FunctionTest {
  private static final String EMOJI = "\uD83D\uDE00";

  private Quarry db;

  @BeforeEach
  void createSome() {
    db = Quarry.inMemory();
    db.run("CREATE (:A:B {x: 1, y: 'z'})-[:R {w: 2}]->(:C)");
  }

  @AfterEach
  void checkAndClose() {
    assertEquals(List.of(), db.admin().check().problems());
    db.close();
  }

  private void gives(String expression, String expected) {
    String statement = expression.contains("RETURN ") ? expression : "RETURN " + expression;
    assertEquals(expected, result(statement), statement);
  }

  private String result(String statement) {
    try {
      StringBuilder text = new StringBuilder();
      for (Row row : db.run(statement, Map.of("face", EMOJI))) {
        text.append(text.isEmpty() ? "" : "; ");
        text.append(String.join(",", row.asMap().values().stream().map(String::valueOf).toList()));
      }
      return text.toString();
    } catch (QuarryException e) {
      return e.code().text();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '"',
      value = {
        "UNWIND [1, 2, 4] AS x RETURN sum(x), avg(x), min(x), max(x), count(x) → 7,2.3333333333333335,1,4,3",
        "UNWIND [1, 2.5] AS x RETURN sum(x), avg(x) → 3.5,1.75",
        "UNWIND [9223372036854775807, 9223372036854775807] AS x RETURN avg(x) → 9.223372036854776E18",
        "UNWIND [9223372036854775807, 1] AS x RETURN sum(x) → ArithmeticError.IntegerOverflow",
        "UNWIND [-9223372036854775808, -1] AS x RETURN sum(x) → ArithmeticError.IntegerOverflow",
        "UNWIND [9223372036854775807, 1, -1] AS x RETURN sum(x) → 9223372036854775807",
        "UNWIND [-9223372036854775808, -1, 1] AS x RETURN sum(x) → -9223372036854775808",
        "UNWIND [9007199254740993, 9007199254740993, 9007199254740993] AS x RETURN avg(x) = 9007199254740993.0 → true",
        "UNWIND [null, null] AS x RETURN sum(x), avg(x), min(x), max(x), count(x), collect(x) → 0,null,null,null,0,[]",
        "UNWIND [] AS x RETURN sum(x), avg(x), min(x), max(x), count(x), collect(x), stDev(x), stDevP(x), percentileCont(x, 0.5), percentileDisc(x, 0.5) → 0,null,null,null,0,[],0.0,0.0,null,null",
        "UNWIND [1, 'a'] AS x RETURN sum(x) → TypeError.InvalidArgumentType",
        "UNWIND [true] AS x RETURN avg(x) → TypeError.InvalidArgumentType",
        "UNWIND [1.0, 0.0/0.0] AS x RETURN sum(x), avg(x), max(x), min(x) → NaN,NaN,NaN,1.0",
        "UNWIND [duration('P1M2DT3S'), duration('PT1H0.5S')] AS x RETURN sum(x) → P1M2DT1H3.5S",
        "UNWIND [duration('P1D'), duration('P2D')] AS x RETURN avg(x) → P1DT12H",
        "UNWIND [duration('P1D'), 1] AS x RETURN sum(x) → TypeError.InvalidArgumentType",
        "UNWIND [1, duration('P1D')] AS x RETURN avg(x) → TypeError.InvalidArgumentType",
        "UNWIND [date('2024-01-01')] AS x RETURN sum(x) → TypeError.InvalidArgumentType",
        "UNWIND [duration({seconds: 9223372036854775807}), duration('PT1S')] AS x RETURN sum(x) → TypeError.InvalidArgumentValue",
        "UNWIND [1, 'a', null, [1, 2], 0.2, 'b', true, {a: 1}, date('2024-01-01')] AS x RETURN min(x), max(x) → {a=1},1",
        "UNWIND ['b', 'a', 'ccc', 'cc'] AS x RETURN min(x), max(x) → a,ccc",
        "UNWIND [1, 1.0, 2, null, 2] AS x RETURN count(DISTINCT x), sum(DISTINCT x), avg(DISTINCT x), collect(DISTINCT x) → 2,3,1.5,[1, 2]",
        "UNWIND [3, 1, 3] AS x RETURN min(DISTINCT x), max(DISTINCT x), stDevP(DISTINCT x), percentileDisc(DISTINCT x, 1) → 1,3,1.0,3",
        "UNWIND [0.0/0.0, 0.0/0.0] AS x RETURN count(DISTINCT x) → 1",
        "UNWIND [2, 4, 4, 4, 5, 5, 7, 9] AS x RETURN stDevP(x), round(stDev(x), 6) → 2.0,2.13809",
        "UNWIND [1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16] AS x RETURN stDev(x) ^ 2 > 29.999999 AND stDev(x) ^ 2 < 30.000001 → true",
        "UNWIND [5] AS x RETURN stDev(x), stDevP(x) → 0.0,0.0",
        "UNWIND ['a'] AS x RETURN stDev(x) → TypeError.InvalidArgumentType",
        "UNWIND [30, 10, 20] AS x RETURN percentileDisc(x, 0), percentileDisc(x, 0.34), percentileDisc(x, 1.0) → 10,20,30",
        "UNWIND [30, 10, 20, 40] AS x RETURN percentileCont(x, 0.5), percentileCont(x, 0.25), percentileCont(x, 1) → 25.0,17.5,40.0",
        "UNWIND range(1000, 1, -1) AS x RETURN percentileDisc(x, 0.9), percentileCont(x, 0.5) → 900,500.5",
        "UNWIND [[1, 5], [1, 7], [2, 9]] AS p RETURN p[0] AS g, percentileDisc(p[1], p[0] - g + 0.5) AS m ORDER BY g → SyntaxError.UndefinedVariable",
        "UNWIND [[0, 5], [0, 7], [1, 9]] AS p WITH p[0] AS g, p[1] AS x RETURN g, percentileDisc(x, g) ORDER BY g → 0,5; 1,9",
        "UNWIND [0.1, 0.2] AS x RETURN percentileCont(x, x) → ArgumentError.InvalidArgumentValue",
        "UNWIND [1] AS x RETURN percentileCont(x, 1.1) → ArgumentError.NumberOutOfRange",
        "UNWIND [1] AS x RETURN percentileCont(x, 0.0/0.0) → ArgumentError.NumberOutOfRange",
        "UNWIND [1] AS x RETURN percentileDisc(x, -1) → ArgumentError.NumberOutOfRange",
        "UNWIND [1] AS x RETURN percentileDisc(x, 'a') → TypeError.InvalidArgumentType",
        "UNWIND [1] AS x RETURN percentileDisc(x, null) → TypeError.InvalidArgumentType",
        "UNWIND ['a'] AS x RETURN percentileDisc(x, 0.5) → TypeError.InvalidArgumentType",
        "UNWIND [1] AS x RETURN percentileDisc(x) → SyntaxError.InvalidNumberOfArguments",
      })
  void aggregates(String statement, String expected) {
    gives(statement, expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '"',
      value = {
        "toInteger('12'), toInteger(' -7 '), toInteger('1.9'), toInteger('1e3'), toInteger('x'), toInteger('') → 12,-7,1,1000,null,null",
        "toInteger(1.9), toInteger(-1.9), toInteger(true), toInteger(0.0/0.0), toInteger(null) → 1,-1,1,null,null",
        "toInteger(1e19) → ArithmeticError.IntegerOverflow",
        "toInteger('9223372036854775808'), toInteger('1e999999999'), toInteger('1e-999999999') → null,null,0",
        "toInteger([]) → TypeError.InvalidArgumentValue",
        "toFloat('1.5'), toFloat(2), toFloat('x'), toFloat('1f'), toFloat('0x1p3'), toFloat('NaN'), toFloat(null) → 1.5,2.0,null,null,null,NaN,null",
        "toFloat(true) → TypeError.InvalidArgumentValue",
        "toBoolean('TRUE'), toBoolean(' false '), toBoolean('yes'), toBoolean(0), toBoolean(3), toBoolean(null) → true,false,null,false,true,null",
        "toBoolean(1.0) → TypeError.InvalidArgumentValue",
        "toString(1), toString(1.0), toString(true), toString('a'), toString(null) → 1,1.0,true,a,null",
        "toString(date('2024-02-29')), toString(duration('PT90S')) → 2024-02-29,PT1M30S",
        "toString(point({x: 1, y: 2})) → point({x: 1.0, y: 2.0, crs: 'cartesian'})",
        "toString([1]) → TypeError.InvalidArgumentValue",
        "toString({a: 1}) → TypeError.InvalidArgumentValue",
        "toIntegerOrNull('5'), toIntegerOrNull([]), toIntegerOrNull(1e19), toIntegerOrNull(date()), toIntegerOrNull(null) → 5,null,null,null,null",
        "toFloatOrNull('5'), toFloatOrNull(true), toFloatOrNull({}) → 5.0,null,null",
        "toBooleanOrNull('true'), toBooleanOrNull(1.5), toBooleanOrNull([]) → true,null,null",
        "toStringOrNull(5), toStringOrNull([5]), toStringOrNull({}) → 5,null,null",
        "toIntegerList(['1', 2.7, true, null, [], 'x']) → [1, 2, 1, null, null, null]",
        "toFloatList(['1', 2, true, null]) → [1.0, 2.0, null, null]",
        "toBooleanList(['true', 0, 'x', 1.5, null]) → [true, false, null, null, null]",
        "toStringList([1, 2.0, 'a', true, [1], null]) → [1, 2.0, a, true, null, null]",
        "toStringList([]), toIntegerList(null) → [],null",
        "toIntegerList('12') → TypeError.InvalidArgumentType",
        "toBooleanList(1) → TypeError.InvalidArgumentType",
        "nullIf(1, 1), nullIf(1, 1.0), nullIf(1, 2), nullIf('a', null), nullIf(null, 1), nullIf([1], [1]) → null,null,1,a,null,null",
        "nullIf(1) → SyntaxError.InvalidNumberOfArguments",
        "coalesce(null, 1, 1/0), coalesce(null, null) → 1,null",
        "valueType(1), valueType(1.0), valueType('a'), valueType(true), valueType(null) → INTEGER NOT NULL,FLOAT NOT NULL,STRING NOT NULL,BOOLEAN NOT NULL,NULL",
        "valueType([]), valueType([null]), valueType([1, null]), valueType({}) → LIST<NOTHING> NOT NULL,LIST<NULL> NOT NULL,LIST<INTEGER> NOT NULL,MAP NOT NULL",
        "valueType([1, 'a', 2]) → LIST<STRING NOT NULL | INTEGER NOT NULL> NOT NULL",
        "valueType([[1], 'a', null]) → LIST<STRING | LIST<INTEGER NOT NULL>> NOT NULL",
        "valueType(date()), valueType(localtime()), valueType(time()), valueType(localdatetime()), valueType(datetime()), valueType(duration('P1D')), valueType(point({x: 1, y: 1})) → DATE NOT NULL,LOCAL TIME NOT NULL,ZONED TIME NOT NULL,LOCAL DATETIME NOT NULL,ZONED DATETIME NOT NULL,DURATION NOT NULL,POINT NOT NULL",
        "MATCH p = (a:A)-[r]->() RETURN valueType(a), valueType(r), valueType(p) → NODE NOT NULL,RELATIONSHIP NOT NULL,PATH NOT NULL",
      })
  void conversions(String call, String expected) {
    gives(call, expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '"',
      value = {
        "abs(-3), abs(-3.5), abs(null) → 3,3.5,null",
        "abs(-9223372036854775808) → ArithmeticError.IntegerOverflow",
        "abs('a') → TypeError.InvalidArgumentType",
        "sign(-2), sign(0), sign(0.5), sign(0.0/0.0) → -1,0,1,0",
        "ceil(1.1), floor(-1.1), ceil(2) → 2.0,-2.0,2.0",
        "round(2.5), round(-2.5), round(0.49999999999999994), round(4503599627370497.0), round(-0.4) → 3.0,-2.0,0.0,4.503599627370497E15,0.0",
        "round(2.345, 2), round(-2.345, 2), round(2.5, 0), round(-2.5, 0), round(1.005, 2) → 2.35,-2.35,3.0,-3.0,1.01",
        "round(1.25, 1, 'UP'), round(1.29, 1, 'DOWN'), round(-1.21, 1, 'CEILING'), round(-1.21, 1, 'FLOOR') → 1.3,1.2,-1.2,-1.3",
        "round(1.25, 1, 'HALF_UP'), round(1.25, 1, 'HALF_DOWN'), round(1.25, 1, 'half_even'), round(1.35, 1, 'HALF_EVEN') → 1.3,1.2,1.2,1.4",
        "round(null), round(1.5, null), round(1.5, 1, null), round(0.0/0.0), round(1.0/0, 3), round(1e300, 1000000) → null,null,null,NaN,Infinity,1.0E300",
        "round(4.9E-324, 2000) → 4.9E-324",
        "round(1.5, -1) → ArgumentError.NumberOutOfRange",
        "round(1.5, 1.0) → TypeError.InvalidArgumentType",
        "round(1.5, 1, 'SIDEWAYS') → TypeError.InvalidArgumentValue",
        "round(1.5, 1, 3) → TypeError.InvalidArgumentType",
        "round('a') → TypeError.InvalidArgumentType",
        "isNaN(0.0/0.0), isNaN(1), isNaN(1.0/0), isNaN(null) → true,false,false,null",
        "isNaN('NaN') → TypeError.InvalidArgumentType",
        "sinh(0), cosh(0), tanh(0), coth(0), round(coth(1), 6) → 0.0,1.0,0.0,NaN,1.313035",
        "round(cot(1), 6), cot(0), haversin(0), round(haversin(1), 6) → 0.642093,Infinity,0.0,0.229849",
        "sinh(null), coth(null), cot(null), haversin(null) → null,null,null,null",
        "sinh('a') → TypeError.InvalidArgumentType",
        "sqrt(-1), log(0), log(-1), log10(100), exp(0), exp(1000) → NaN,-Infinity,NaN,2.0,1.0,Infinity",
        "sin(0), cos(0), tan(0), asin(2), acos(1), atan(0), atan2(0, 1) → 0.0,1.0,0.0,NaN,0.0,0.0,0.0",
        "degrees(pi()), radians(180) = pi(), e() > 2.7, 0 <= rand() < 1 → 180.0,true,true,true",
        "size(randomUUID()), timestamp() > 0 → 36,true",
      })
  void numbers(String call, String expected) {
    gives(call, expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '"',
      value = {
        "size('a' + $face), char_length($face), character_length('é'), char_length(null) → 2,1,1,null",
        "char_length([1]) → TypeError.InvalidArgumentType",
        "substring('a' + $face + 'b', 1, 1) = $face, substring('abc', 1), substring('abc', 9), substring('abc', 1, 9223372036854775807) → true,bc,,bc",
        "substring('abc', -1) → TypeError.InvalidArgumentValue",
        "substring(null, 1), substring('abc', null) → null,null",
        "left($face + 'ab', 1) = $face, right('ab' + $face, 1) = $face, left('ab', 9), right('ab', 9), right('ab', 0) → true,true,ab,ab,",
        "left('ab', -1) → TypeError.InvalidArgumentValue",
        "left('ab', 'a') → TypeError.InvalidArgumentType",
        "reverse('a' + $face) = $face + 'a', reverse(''), reverse(null) → true,,null",
        "replace('aXbX', 'X', $face) = 'a' + $face + 'b' + $face, replace('ab', '', '-'), replace($face, '', '-') = '-' + $face + '-' → true,-a-b-,true",
        "replace('ab', null, 'x'), replace(null, 'a', 'b') → null,null",
        "replace('a', 1, 'b') → TypeError.InvalidArgumentType",
        "split('a,b,', ','), split('', ','), split('abc', ''), split(null, ',') → [a, b, ],[],[a, b, c],null",
        "size(split('a' + $face, '')), split('a-b_c', ['-', '_']), split('a--b-c', ['-', '--']) → 2,[a, b, c],[a, b, c]",
        "split('a', 1) → TypeError.InvalidArgumentType",
        "split('a', [1]) → TypeError.InvalidArgumentType",
        "toUpper('aé' + $face) = 'AÉ' + $face, upper('ß'), toLower('ÀB'), lower('AB'), upper(null) → true,SS,àb,ab,null",
        "toUpper(1) → TypeError.InvalidArgumentType",
        "'[' + trim(' a ') + lTrim(' b ') + rTrim(' c ') + btrim(' d ') + ']' → [ab  cd]",
        "trim('xxaxx', 'x'), ltrim('xyaxy', 'yx'), rtrim('xyaxy', 'yx'), btrim($face + 'a' + $face, $face), btrim('', 'x') → a,axy,xya,a,",
        "trim(BOTH 'x' FROM 'xxaxx'), trim(LEADING 'x' FROM 'xax'), trim(TRAILING 'x' FROM 'xax'), trim('x' FROM 'xax'), trim(both FROM ' a ') → a,ax,xa,a,a",
        "WITH ' v ' AS both RETURN trim(both) → v",
        "trim(null), btrim('a', null), trim(LEADING null FROM 'a') → null,null,null",
        "btrim('a', 1) → TypeError.InvalidArgumentType",
        "trim(1) → TypeError.InvalidArgumentType",
        "size(normalize('e\\u0301')), size(normalize('é', NFD)), normalize('ﬁ', NFKC), size(normalize('ﬁ', 'NFC')), size(normalize('é', nfkd)), normalize(null) → 1,2,fi,1,2,null",
        "normalize('a', 'NFX') → TypeError.InvalidArgumentValue",
        "normalize('a', NFX) → SyntaxError.UndefinedVariable",
        "normalize(1) → TypeError.InvalidArgumentType",
        "'ﬁ' < $face, 'a' < 'b', 'a' < 'ab', '' < 'a' → true,true,true,true",
        "'abc' CONTAINS '', 'abc' STARTS WITH null, 'abc' ENDS WITH 1 → true,null,null",
      })
  void strings(String call, String expected) {
    gives(call, expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '"',
      value = {
        "size([1, null]), size([]), size(null), isEmpty([]), isEmpty(''), isEmpty({}), isEmpty(null) → 2,0,null,true,true,true,null",
        "size({a: 1}) → TypeError.InvalidArgumentType",
        "size(1) → SyntaxError.InvalidArgumentType",
        "head([1, 2]), last([1, 2]), tail([1, 2]), head([]), last([]), tail([]), head(null) → 1,2,[2],null,null,[],null",
        "head('abc') → TypeError.InvalidArgumentType",
        "reverse([1, 'a', null]), reverse([]) → [null, a, 1],[]",
        "reverse(1) → TypeError.InvalidArgumentType",
        "range(1, 3), range(3, 1, -1), range(1, 0), range(1, 10, 4), range(3, 1) → [1, 2, 3],[3, 2, 1],[],[1, 5, 9],[]",
        "range(9223372036854775806, 9223372036854775807), range(-9223372036854775808, 9223372036854775807, 9223372036854775807) → [9223372036854775806, 9223372036854775807],[-9223372036854775808, -1, 9223372036854775806]",
        "range(9223372036854775807, -9223372036854775808, -9223372036854775808) → [9223372036854775807, -1]",
        "range(-9223372036854775808, 9223372036854775807) → TypeError.InvalidArgumentValue",
        "range(9223372036854775807, -9223372036854775808, -1) → TypeError.InvalidArgumentValue",
        "range(1, 2, 0) → ArgumentError.NumberOutOfRange",
        "WITH 1.5 AS x RETURN range(1, x) → ArgumentError.InvalidArgumentType",
        "WITH true AS x RETURN x[0] → TypeError.InvalidArgumentType",
        "WITH [1, 2, 3] AS x RETURN x[-1], x[3], x[null], x[1..], x[..-1], x[5..9], x[null..2] → 3,null,null,[2, 3],[1, 2],[],null",
        "WITH [1] AS x RETURN x['a'] → TypeError.ListElementAccessByNonInteger",
        "[1] + 2, 1 + [2], [1] + [2], [1] + null, null + [1] → [1, 2],[1, 2],[1, 2],null,null",
        "RETURN COLLECT { UNWIND [1, null, 2] AS x RETURN x } → [1, null, 2]",
      })
  void lists(String call, String expected) {
    gives(call, expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '"',
      value = {
        "MATCH (a:A)-[r]->(c) RETURN labels(a), type(r), keys(a), keys(r), properties(r), labels(c), keys(c) → [A, B],R,[x, y],[w],{w=2},[C],[]",
        "keys(null), labels(null), properties(null), type(null), id(null), elementId(null), nodes(null), relationships(null), length(null), startNode(null), endNode(null) → null,null,null,null,null,null,null,null,null,null,null",
        "keys({b: 1, a: null}), properties({a: 1}) → [b, a],{a=1}",
        "WITH 1 AS x RETURN keys(x) → SyntaxError.InvalidArgumentType",
        "WITH [1] AS x RETURN properties(x) → SyntaxError.InvalidArgumentType",
        "WITH [1] AS x RETURN labels(x[0]) → TypeError.InvalidArgumentValue",
        "WITH ['a'] AS x RETURN type(x[0]) → TypeError.InvalidArgumentValue",
        "WITH [1] AS x RETURN nodes(x[0]) → TypeError.InvalidArgumentType",
        "WITH [1] AS x RETURN startNode(x[0]) → TypeError.InvalidArgumentType",
        "WITH [1] AS x RETURN elementId(x[0]) → TypeError.InvalidArgumentType",
        "MATCH p = (:A)-->(:C) RETURN length(p), size(nodes(p)), size(relationships(p)) → 1,2,1",
        "MATCH (a:A) RETURN a['x'], a.y, a.none, a['none'] → 1,z,null,null",
        "MATCH (a:A) RETURN a[1] → TypeError.PropertyAccessByNonString",
        "WITH {a: 1} AS m RETURN m['a'], m.b, m[null] → 1,null,null",
        "WITH {a: 1} AS m RETURN m[1] → TypeError.MapElementAccessByNonString",
        "WITH 1 AS m RETURN m.a → TypeError.InvalidArgumentType",
      })
  void entitiesAndMaps(String statement, String expected) {
    gives(statement, expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '"',
      value = {
        "WITH point({x: 1, y: 2}) AS p RETURN p.x, p.y, p.z, p.crs, p.srid → 1.0,2.0,null,cartesian,7203",
        "WITH point({x: 1, y: 2, z: 3}) AS p RETURN p.z, p.crs, p.srid → 3.0,cartesian-3d,9157",
        "WITH point({longitude: 8.5, latitude: 47.4}) AS p RETURN p.longitude, p.latitude, p.height, p.x, p.crs, p.srid → 8.5,47.4,null,8.5,wgs-84,4326",
        "WITH point({longitude: 8.5, latitude: 47.4, height: 400}) AS p RETURN p.height, p.z, p.crs → 400.0,400.0,wgs-84-3d",
        "point({x: 1, y: 2, crs: 'WGS-84'}).crs, point({x: 1, y: 2, srid: 4326}).srid, point({x: 1, y: 2, z: 3, crs: 'wgs-84-3D'}).srid → wgs-84,4326,4979",
        "point(null), point({x: null, y: 1}), point({x: 1, y: 2, z: null}) → null,null,null",
        "point({x: 1}) → TypeError.InvalidArgumentValue",
        "point({x: 'a', y: 1}) → TypeError.InvalidArgumentValue",
        "point({x: 1.0/0, y: 1}) → TypeError.InvalidArgumentValue",
        "point({longitude: 181, latitude: 0}) → TypeError.InvalidArgumentValue",
        "point({longitude: 0, latitude: 90.5}) → TypeError.InvalidArgumentValue",
        "point({longitude: 0, latitude: 0, crs: 'cartesian'}) → TypeError.InvalidArgumentValue",
        "point({x: 1, y: 2, srid: 1}) → TypeError.InvalidArgumentValue",
        "point({x: 1, y: 2, srid: 4294971622}) → TypeError.InvalidArgumentValue",
        "point({x: 1, y: 2, srid: 9157}) → TypeError.InvalidArgumentValue",
        "point({x: 1, y: 2, z: 3, crs: 'cartesian'}) → TypeError.InvalidArgumentValue",
        "point(1) → TypeError.InvalidArgumentType",
        "point({x: 1, y: 2}).latitude → TypeError.InvalidArgumentValue",
        "point({x: 1, y: 2}).colour → TypeError.InvalidArgumentValue",
        "point.distance(point({x: 0, y: 0}), point({x: 3, y: 4})), point.distance(null, point({x: 0, y: 0})), point.distance(point({x: 0, y: 0}), point({longitude: 0, latitude: 0})) → 5.0,null,null",
        "point.distance(1, point({x: 0, y: 0})) → TypeError.InvalidArgumentType",
        "WITH point({x: 0, y: 0}) AS a, point({x: 2, y: 2}) AS b RETURN point.withinBBox(point({x: 2, y: 0}), a, b), point.withinBBox(point({x: 3, y: 1}), a, b), point.withinBBox(null, a, b), point.withinBBox(point({x: 1, y: 1}), b, a) → true,false,null,false",
        "WITH point({x: 0, y: 0, z: 0}) AS a, point({x: 2, y: 2, z: 2}) AS b RETURN point.withinBBox(point({x: 1, y: 1, z: 1}), a, b), point.withinBBox(point({x: 1, y: 1, z: 3}), a, b), point.withinBBox(point({x: 1, y: 1}), a, b) → true,false,null",
        "WITH point({longitude: 170, latitude: -10}) AS a, point({longitude: -170, latitude: 10}) AS b RETURN point.withinBBox(point({longitude: 180, latitude: 0}), a, b), point.withinBBox(point({longitude: -175, latitude: 0}), a, b), point.withinBBox(point({longitude: 0, latitude: 0}), a, b) → true,true,false",
        "point.withinBBox(1, 2, 3) → TypeError.InvalidArgumentType",
      })
  void points(String call, String expected) {
    gives(call, expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '"',
      value = {
        "datetime({epochMillis: 1609459200123}), datetime({epochSeconds: 1609459200}) → 2021-01-01T00:00:00.123Z,2021-01-01T00:00Z",
        "datetime({epochMillis: -1}), datetime({epochSeconds: 0, nanosecond: 5}) → 1969-12-31T23:59:59.999Z,1970-01-01T00:00:00.000000005Z",
        "datetime({epochMillis: 1609459200123}).epochMillis, datetime({epochMillis: 1500}).epochSeconds, datetime({epochMillis: 0}).year → 1609459200123,1,1970",
        "datetime({epochSeconds: 9223372036854775807}) → TypeError.InvalidArgumentValue",
        "datetime({epochMillis: 'a'}) → TypeError.InvalidArgumentValue",
        "datetime({epochMillis: 9223372036854775807}).year → 292278994",
        "date(null), datetime(null), duration(null), date({year: null}) → TypeError.InvalidArgumentValue",
        "date(1) → TypeError.InvalidArgumentType",
        "date('2024-02-30') → TypeError.InvalidArgumentValue",
        "duration('x') → TypeError.InvalidArgumentValue",
        "duration({days: 9223372036854775807}) * 2 → TypeError.InvalidArgumentValue",
        "duration({days: null}) → TypeError.InvalidArgumentValue",
        "duration('P1D') / 0 → TypeError.InvalidArgumentValue",
        "date('+999999999-12-31') + duration('P1D') → TypeError.InvalidArgumentValue",
        "date('2024-01-31') + duration('P1M'), date('2024-03-01') - duration('P1D') → 2024-02-29,2024-02-29",
        "duration.between(date('2024-01-01'), date('2024-02-03')), duration.inDays(date('2024-01-01'), date('2024-02-03')) → P1M2D,P33D",
        "date('2024-01-01').colour → TypeError.InvalidArgumentValue",
      })
  void temporalValues(String call, String expected) {
    gives(call, expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '"',
      value = {
        "'abc' =~ 'a.c', 'abc' =~ 'b', 'abc' =~ null, null =~ 'a', 'abc' =~ '(?i)ABC', 1 =~ 'a' → true,false,null,null,true,null",
        "'ab12' =~ '(?P<w>[a-z]+)[0-9]{2}', 'a]b' =~ 'a[]]b', '(?=' =~ '\\\\Q(?=\\\\E', 'a\\\\1' =~ 'a\\\\\\\\1', '(?=' =~ '[(][?]=' → true,true,true,true,true",
        "'a++' =~ 'a[+]\\\\+' → true",
        "$face =~ '.', $face =~ '..', ('a' + $face) =~ 'a.', 'é' =~ '\\\\p{L}', 'a{b' =~ 'a[{]b' → true,false,true,true,true",
        "'aaaa' =~ '((a{100}){100}){100}' → Limit.Exceeded",
        "'aaaa' =~ '(((a{1000}){1000}){1000}){1000}' → Limit.Exceeded",
        "'aaaa' =~ '(a|b){2,1000}', 'aaaa' =~ '((a{2}){2})', 'a' =~ 'a{0}b{0,1}a' → true,true,true",
        "'aa' =~ '(' → SyntaxError.InvalidRegularExpression",
        "'aa' =~ 'a(?=a)' → SyntaxError.NotSupported",
        "'aa' =~ 'a(?!a)' → SyntaxError.NotSupported",
        "'aa' =~ '(?<=a)a' → SyntaxError.NotSupported",
        "'aa' =~ '(?<!b)a' → SyntaxError.NotSupported",
        "'aa' =~ '(?>a)a' → SyntaxError.NotSupported",
        "'aa' =~ '(a)\\\\1' → SyntaxError.NotSupported",
        "'aa' =~ 'a*+a' → SyntaxError.NotSupported",
      })
  void regularExpressions(String call, String expected) {
    gives(call, expected);
  }

  @Test
  void aRegularExpressionThatIsNotSupportedNamesItsConstruct() {
    Map<String, String> constructs =
        Map.of(
            "a(?=b)", "look-ahead",
            "(?<=b)a", "look-behind",
            "(a)\\1", "back-reference",
            "(?P<x>a)\\k<x>", "back-reference",
            "a++", "possessive quantifier");
    constructs.forEach(
        (pattern, name) -> {
          QuarryException error =
              assertThrows(
                  QuarryException.class,
                  () -> db.run("RETURN 'a' =~ $pattern", Map.of("pattern", pattern)));
          assertEquals(ErrorCode.NOT_SUPPORTED, error.code());
          assertTrue(error.getMessage().contains(name), error.getMessage());
        });
  }

  @Test
  void aHostileRegularExpressionIsAnsweredAtOnce() {
    String text = "a".repeat(100_000) + "b";
    assertEquals(
        false, db.run("RETURN $text =~ '(a+)+$'", Map.of("text", text)).rows().getFirst().get(0));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '"',
      value = {
        "0x1F, 0xff, -0x10, 0o17, -0o7 → 31,255,-16,15,-7",
        "0x7FFFFFFFFFFFFFFF, -0x8000000000000000 → 9223372036854775807,-9223372036854775808",
        "0x8000000000000000 → SyntaxError.IntegerOverflow",
        "0xFFFFFFFFFFFFFFFFFF → SyntaxError.IntegerOverflow",
        "0x → SyntaxError.InvalidNumberLiteral",
        "0xG → SyntaxError.InvalidNumberLiteral",
        "0X1F → SyntaxError.InvalidNumberLiteral",
        "0o8 → SyntaxError.InvalidNumberLiteral",
        "-9223372036854775808, - 9223372036854775808, 9223372036854775807 → -9223372036854775808,-9223372036854775808,9223372036854775807",
        "9223372036854775808 → SyntaxError.IntegerOverflow",
        "-9223372036854775809 → SyntaxError.IntegerOverflow",
        "-(-9223372036854775808) → ArithmeticError.IntegerOverflow",
        "99999999999999999999999999999999999999 → SyntaxError.IntegerOverflow",
        "1e3, 1E+3, 1.5e-3, .5, 1e308, 1e-400, -1.5E2 → 1000.0,1000.0,0.0015,0.5,1.0E308,0.0,-150.0",
        "1e309 → SyntaxError.FloatingPointOverflow",
        "-1e309 → SyntaxError.FloatingPointOverflow",
        "1e → SyntaxError.InvalidNumberLiteral",
        "1a → SyntaxError.InvalidNumberLiteral",
        "{1a: 2} → SyntaxError.UnexpectedSyntax",
        "42 — 41 → SyntaxError.InvalidUnicodeCharacter",
        "9223372036854775807 * 2 → ArithmeticError.IntegerOverflow",
        "-9223372036854775808 / -1 → ArithmeticError.IntegerOverflow",
        "-9223372036854775808 % -1, 5 % -3, -5 % 3, 5.5 % 2 → 0,2,-2,1.5",
        "5 % 0 → ArithmeticError.DivisionByZero",
        "5 / 0.0, -5 / 0.0, 0.0 / 0, 5 % 0.0 → Infinity,-Infinity,NaN,NaN",
      })
  void literalsOfNumbers(String literal, String expected) {
    gives(literal, expected);
  }

  @Test
  void bothHalvesOfASurrogatePairMakeOneCharacter() {
    gives("'\\uD83D\\uDE00' = $face, '\\U0001F600' = $face", "true,true");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "RETURN '\\uD800'",
        "RETURN '\\uDE00\\uD83D'",
        "RETURN \"a\\U0000DFFFb\"",
        "CREATE (:X {t: '\\uD800'})",
        "RETURN 1 AS `\uD800`",
        "RETURN '\uDC00'",
        "MATCH (n) SET n.`\uD800` = 1",
        "RETURN \uD800",
      })
  void halfOfASurrogatePairIsRefusedInTheTextOfAStatement(String statement) {
    assertEquals("SyntaxError.InvalidUnicodeCharacter", result(statement));
  }

  @Test
  void halfOfASurrogatePairIsRefusedInParametersAndByTheGraph() {
    String half = "a\uD800";
    for (Object value :
        List.of(half, List.of(half), Map.of("k", half), Map.of(half, 1), new String[] {half})) {
      refuses(() -> db.run("RETURN $x", Map.of("x", value)));
    }
    refuses(() -> db.run("CREATE (:X $x)", Map.of("x", Map.of("k", half))));
    refuses(() -> db.update(tx -> tx.createNode(Set.of("X"), Map.of("k", half))));
    refuses(() -> db.update(tx -> tx.createNode(Set.of("X"), Map.of("k", List.of(half)))));
    refuses(() -> db.update(tx -> tx.createNode(Set.of("X"), Map.of(half, 1))));
    refuses(() -> db.update(tx -> tx.createNode(Set.of(half), Map.of())));
    refuses(
        () ->
            db.update(
                tx -> {
                  var node = tx.createNode(Set.of("X"), Map.of());
                  tx.createRelationship(node, half, node, Map.of());
                }));
    refuses(
        () ->
            db.update(
                tx -> tx.setProperty(tx.createNode(Set.of("X"), Map.of()), "k", List.of(half))));
    gives("MATCH (n:X) RETURN count(n)", "0");
  }

  private static void refuses(org.junit.jupiter.api.function.Executable write) {
    QuarryException error = assertThrows(QuarryException.class, write);
    assertEquals(ErrorCode.INVALID_UNICODE_CHARACTER, error.code(), error.getMessage());
  }

  @Test
  void theLargestOfManyRisingStringsFitsIntoASmallBudget() {
    try (Quarry small = Quarry.inMemory(OpenOptions.defaults().withMemory(16 << 20))) {
      assertEquals(
          "a".repeat(400) + "200000",
          small
              .run(
                  "WITH reduce(s = '', i IN range(1, 400) | s + 'a') AS prefix"
                      + " UNWIND range(100000, 200000) AS i RETURN max(prefix + i)")
              .rows()
              .getFirst()
              .get(0));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '"',
      value = {
        "max([i, 'text of ' + i]) → [200000, text of 200000]",
        "min([-i, ['text of ' + i]]) → [-200000, [text of 200000]]",
        "max({i: i, t: ['text of ' + i]}).t → [text of 200000]",
      })
  void theLargestOfManyRisingListsOrMapsFitsIntoASmallBudget(String extreme, String expected) {
    PreparedQuery query = db.prepare("UNWIND range(1, 200000) AS i RETURN " + extreme);
    QueryOptions small = QueryOptions.DEFAULT.withMemory(1 << 20);
    assertEquals(expected, String.valueOf(db.run(query, Map.of(), small).rows().getFirst().get(0)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "RETURN value",
        "RETURN DISTINCT value",
        "RETURN collect(value)",
        "RETURN max(value)",
        "RETURN valueType(value)",
        "RETURN value = [value][0]",
        "RETURN [value] < [value]",
        "RETURN {a: value} = {a: value}",
        "WITH value ORDER BY value RETURN 1",
        "CREATE (:X {x: 1}) RETURN value",
      })
  void aListThatIsNestedTooDeeplyRaisesATypedError(String rest) {
    String nested = "WITH reduce(l = [], i IN range(1, %d) | [l]) AS value ";
    assertEquals("Limit.Exceeded", result(nested.formatted(100_000) + rest));
    String shallow = result(nested.formatted(60) + rest);
    assertTrue(!shallow.startsWith("Limit"), shallow);
  }

  @Test
  void aParameterThatIsNestedTooDeeplyRaisesATypedError() {
    List<?> nested = List.of();
    for (int i = 0; i < 100_000; i++) {
      nested = List.of(nested);
    }
    Map<String, ?> parameters = Map.of("x", nested);
    QuarryException error =
        assertThrows(QuarryException.class, () -> db.run("RETURN size($x)", parameters));
    assertEquals(ErrorCode.LIMIT_EXCEEDED, error.code());
  }
}
