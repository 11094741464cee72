using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using AiMe.Lab.Experiments.Yaml;

namespace AiMe.Lab.Experiments.Schema;

/// <summary>
/// A placeholder value: a reader that receives it records its requests, which form the value's schema.
/// </summary>
/// <param name="Shape">Receives the requests.</param>
internal sealed record Blank(SchemaShape Shape) : YamlNode(Place.Of(""))
{
    public override string Found => "a blank";
}

/// <summary>
/// The schema of one value, recorded from a reader's requests, as keywords of JSON Schema, draft 2020-12.
/// </summary>
/// <param name="inherits">
/// Whether a missing value is the experiment's own, so that the schema states no default.
/// </param>
internal sealed class SchemaShape(bool inherits = false)
{
    private readonly List<Func<JsonObject>> _alternatives = [];
    private readonly JsonObject _told = [];
    private Func<JsonObject>? _value;

    public bool Inherits => inherits;

    /// <summary>The description that an editor shows.</summary>
    public void Describe(string says)
    {
        if (says.Length > 0)
            _told["description"] = says;
    }

    /// <summary>The default value.</summary>
    public void Default(JsonNode? value)
    {
        if (value is not null && !inherits)
            _told["default"] = value;
    }

    public void Whole(long low, long high) =>
        _value = () =>
            new()
            {
                ["type"] = "integer",
                ["minimum"] = low,
                ["maximum"] = high,
            };

    public void Real(NumberRange range) => _value = () => Number(range);

    /// <summary>A fraction, or the same as a percentage.</summary>
    public void Share(NumberRange range)
    {
        _value = () => Number(range);
        _alternatives.Add(() => new() { ["type"] = "string", ["pattern"] = Percentages(range) });
    }

    public void Flag() => _value = () => new() { ["type"] = "boolean" };

    /// <summary>A text that is not blank. A number or flag in its place is read as it is written.</summary>
    public void Text() => _value = () => new() { ["type"] = new JsonArray("string", "number", "boolean"), ["pattern"] = "\\S" };

    /// <summary>A text that matches a pattern.</summary>
    public void Form(string pattern, int longest = 0) =>
        _value = () =>
        {
            JsonObject form = new() { ["type"] = "string", ["pattern"] = pattern };
            if (longest > 0)
                form["maxLength"] = longest;
            return form;
        };

    /// <summary>
    /// A text that matches a pattern and is accepted even if YAML would read a number: <c>window(3)</c> and <c>42</c>.
    /// </summary>
    public void Name(string pattern, int longest)
    {
        _value = () =>
            new()
            {
                ["type"] = "string",
                ["pattern"] = pattern,
                ["maxLength"] = longest,
            };
        // A name of digits only. It is bounded by its length.
        _alternatives.Add(() =>
            new()
            {
                ["type"] = "integer",
                ["minimum"] = 0,
                ["exclusiveMaximum"] = Math.Pow(10, longest),
            }
        );
    }

    /// <summary>A whole number of at most so many digits, or one followed by k or M.</summary>
    public void Amount(long low, int digits)
    {
        Whole(low, (long)Math.Pow(10, digits) - 1);
        var notZero = low > 0 ? "(?!0+[kM]?$)" : "";
        var pattern = $"^{notZero}0*([0-9]{{1,{digits}}}|[0-9]{{1,{digits - 3}}}k|[0-9]{{1,{digits - 6}}}M)$";
        _alternatives.Add(() => new() { ["type"] = "string", ["pattern"] = pattern });
    }

    public void Word(IEnumerable<string> words)
    {
        ImmutableArray<string> all = [.. words];
        _value = () => new() { ["enum"] = new JsonArray([.. all.Select(w => JsonValue.Create(w))]) };
    }

    /// <summary>A list.</summary>
    /// <returns>The schema of an item.</returns>
    public SchemaShape Items(int atLeast, bool distinct, int atMost = 0)
    {
        SchemaShape item = new(inherits);
        _value = () =>
        {
            JsonObject list = new() { ["type"] = "array", ["items"] = item.ToJson() };
            if (atLeast > 0)
                list["minItems"] = atLeast;
            if (atMost > 0)
                list["maxItems"] = atMost;
            if (distinct)
                list["uniqueItems"] = true;
            return list;
        };
        return item;
    }

    /// <summary>A mapping.</summary>
    /// <returns>The schema of its keys.</returns>
    public SchemaKeys Section()
    {
        SchemaKeys keys = new(inherits);
        _value = keys.ToJson;
        return keys;
    }

    /// <summary>An alternative form of the value.</summary>
    /// <returns>The schema of the alternative.</returns>
    public SchemaShape Or()
    {
        SchemaShape other = new(inherits);
        _alternatives.Add(other.ToJson);
        return other;
    }

    /// <summary>A constant alternative: a word, or null.</summary>
    public void OrConstant(string? word) =>
        _alternatives.Add(() => word is null ? new() { ["type"] = "null" } : new() { ["const"] = word });

    /// <summary>The schema.</summary>
    public JsonObject ToJson()
    {
        JsonObject schema = new([.. _told.Select(t => KeyValuePair.Create(t.Key, t.Value?.DeepClone()))]);
        var forms = _value is null ? _alternatives : [_value, .. _alternatives];
        if (forms.Count == 1)
        {
            foreach (var (key, value) in forms[0]().ToList())
                schema[key] = value?.DeepClone();
        }
        else if (forms.Count > 1)
        {
            schema["anyOf"] = new JsonArray([.. forms.Select(f => f())]);
        }

        return schema;
    }

    private static JsonObject Number(NumberRange range)
    {
        JsonObject number = new() { ["type"] = "number" };
        number[range.OpenLow ? "exclusiveMinimum" : "minimum"] = Of(range.Low);
        number[range.OpenHigh ? "exclusiveMaximum" : "maximum"] = Of(range.High);
        return number;
    }

    // 0 is written 0 and not 0.0.
    public static JsonNode Of(double value) =>
        value == Math.Truncate(value) && Math.Abs(value) <= 1e9 ? JsonValue.Create((long)value) : JsonValue.Create(value);

    /// <summary>A regular expression for percentages in a range from 0 to a power of ten.</summary>
    private static string Percentages(NumberRange range)
    {
        var zeros = (int)Math.Log10(range.High) + 2; // of the greatest percentage, a one and zeros
        if (range.Low != 0 || range.High != Math.Pow(10, zeros - 2))
            throw new NotSupportedException(string.Create(CultureInfo.InvariantCulture, $"no pattern is known for percentages{range}"));
        var greatest = range.OpenHigh ? "" : $"|0*1{new string('0', zeros)}(\\.0*)?";
        var whole = $"0*[0-9]{{1,{zeros}}}(\\.[0-9]*)?{greatest}";
        return $"^{(range.OpenLow ? "(?!0*(\\.0*)?\\s*%$)" : "")}({whole}|\\.[0-9]+)\\s*%$";
    }
}
