using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace AiMe.VectorStores.Tests.Stubs;

/// <summary>
/// Reads the two forms of GraphQL that are asked: <c>{Get{Class(argument: value, ...){field ...}}}</c>, and <c>Aggregate</c> in place of
/// <c>Get</c>, with or without arguments, with <c>meta{count}</c>.
/// </summary>
internal sealed class GraphQlText(string text)
{
    private int _at;

    /// <exception cref="FormatException">It is another text.</exception>
    public (string What, string Class, JsonObject Arguments, string[] Fields) Read()
    {
        Expect('{');
        var what = Name();
        if (what is not ("Get" or "Aggregate"))
            throw Unexpected();
        Expect('{');
        var name = Name();
        JsonObject arguments =
            Skips('(') ? Members(')')
            : what == "Get" ? throw Unexpected()
            : [];
        Expect('{');
        List<string> fields = [];
        if (what == "Aggregate")
        {
            if (Name() != "meta")
                throw Unexpected();
            Expect('{');
            if (Name() != "count")
                throw Unexpected();
            Expect('}');
        }

        while (!Skips('}'))
            fields.Add(Name());
        Expect('}');
        Expect('}');
        Blanks();
        return _at == text.Length ? (what, name, arguments, [.. fields]) : throw Unexpected();
    }

    private JsonObject Members(char end)
    {
        JsonObject members = [];
        while (!Skips(end))
        {
            var name = Name();
            Expect(':');
            members[name] = Value();
        }

        return members;
    }

    private JsonNode Value()
    {
        if (Skips('{'))
            return Members('}');
        if (Skips('"'))
            return String();
        if (Skips('['))
        {
            JsonArray items = [];
            while (!Skips(']'))
                items.Add(Value());
            return items;
        }

        if (char.IsAsciiLetter(text[_at]))
            return Name() switch
            {
                "true" => true,
                "false" => false,
                var name => name,
            };
        var start = _at;
        while (text[_at] is '-' or '+' or '.' or 'e' or 'E' or (>= '0' and <= '9'))
            _at++;
        return double.Parse(text.AsSpan(start, _at - start), CultureInfo.InvariantCulture);
    }

    private string String()
    {
        StringBuilder read = new();
        while (text[_at] != '"')
        {
            if (char.IsControl(text[_at]))
                throw Unexpected();
            if (text[_at] != '\\')
            {
                read.Append(text[_at++]);
                continue;
            }

            var escaped = text[_at + 1];
            read.Append(escaped is 'u' ? (char)ushort.Parse(text.AsSpan(_at + 2, 4), NumberStyles.HexNumber, null) : escaped);
            if (escaped is not ('u' or '"' or '\\'))
                throw Unexpected();
            _at += escaped is 'u' ? 6 : 2;
        }

        _at++;
        return read.ToString();
    }

    private string Name()
    {
        Blanks();
        var start = _at;
        while (_at < text.Length && (char.IsAsciiLetterOrDigit(text[_at]) || text[_at] == '_'))
            _at++;
        return _at > start ? text[start.._at] : throw Unexpected();
    }

    private void Expect(char c)
    {
        if (!Skips(c))
            throw Unexpected();
    }

    private bool Skips(char c)
    {
        Blanks();
        if (_at == text.Length || text[_at] != c)
            return false;
        _at++;
        if (c != '"')
            Blanks();
        return true;
    }

    private void Blanks()
    {
        while (_at < text.Length && text[_at] is ' ' or ',' or '\n')
            _at++;
    }

    private FormatException Unexpected() => new($"Syntax Error GraphQL request (1:{_at + 1})");
}
