using System.Globalization;
using System.Text;

namespace AiMe.Nano.Tokens.Bpe;

/// <summary>
/// Unicode's normalization form C, which .NET leaves out when it runs without a culture's data, as this program does.
/// </summary>
/// <remarks>Source: Unicode Standard Annex 15; the data are those of the file beside this one.</remarks>
internal static class CanonicalComposition
{
    private const int FirstSyllable = 0xAC00,
        FirstLead = 0x1100,
        FirstVowel = 0x1161,
        FirstTrail = 0x11A7,
        Vowels = 21,
        Trails = 28,
        Syllables = 11172,
        Leads = 19;

    private static readonly Lazy<Tables> Data = new(Read);

    /// <summary>The composed form of a text without unpaired surrogates.</summary>
    public static string Of(string text)
    {
        // below U+0300 every character is composed, and none combines
        if (text.AsSpan().IndexOfAnyInRange('\u0300', '\uFFFF') < 0)
            return text;
        var characters = Decompose(text);
        Compose(characters, Data.Value);
        return Text(characters);
    }

    /// <summary>Form D of a text without unpaired surrogates: every character decomposed, its marks in order.</summary>
    public static string Decomposed(string text) => Text(Decompose(text));

    private static List<int> Decompose(string text)
    {
        List<int> characters = [];
        foreach (var rune in text.EnumerateRunes())
            Decompose(rune.Value, Data.Value, characters);
        Order(characters, Data.Value);
        return characters;
    }

    private static string Text(List<int> characters)
    {
        var result = new StringBuilder(characters.Count);
        foreach (var character in characters)
            result.Append(new Rune(character).ToString());
        return result.ToString();
    }

    private static void Decompose(int character, Tables data, List<int> into)
    {
        var syllable = character - FirstSyllable;
        if (syllable is >= 0 and < Syllables)
        {
            into.Add(FirstLead + syllable / (Vowels * Trails));
            into.Add(FirstVowel + syllable % (Vowels * Trails) / Trails);
            if (syllable % Trails > 0)
                into.Add(FirstTrail + syllable % Trails);
        }
        else if (data.Decompositions.TryGetValue(character, out var parts))
        {
            foreach (var part in parts)
                Decompose(part, data, into);
        }
        else
        {
            into.Add(character);
        }
    }

    // Marks after a character stand in the order of their classes; of one class in the order of the text.
    private static void Order(List<int> characters, Tables data)
    {
        for (var i = 1; i < characters.Count; i++)
        {
            var (mark, order) = (characters[i], data.ClassOf(characters[i]));
            var at = i;
            for (; order > 0 && at > 0 && data.ClassOf(characters[at - 1]) > order; at--)
                characters[at] = characters[at - 1];
            characters[at] = mark;
        }
    }

    private static void Compose(List<int> characters, Tables data)
    {
        var (starter, kept, last) = (-1, 0, 0);
        for (var i = 0; i < characters.Count; i++)
        {
            var (character, order) = (characters[i], data.ClassOf(characters[i]));
            var blocked = starter >= 0 && kept > starter + 1 && (last == 0 || last >= order);
            if (starter >= 0 && !blocked && Pair(characters[starter], character, data) is { } composed)
            {
                characters[starter] = composed;
                continue;
            }

            if (order == 0)
                starter = kept;
            last = order;
            characters[kept++] = character;
        }

        characters.RemoveRange(kept, characters.Count - kept);
    }

    private static int? Pair(int first, int second, Tables data)
    {
        if (first - FirstLead is >= 0 and < Leads and var lead && second - FirstVowel is >= 0 and < Vowels and var vowel)
            return FirstSyllable + (lead * Vowels + vowel) * Trails;
        if (
            first - FirstSyllable is >= 0 and < Syllables and var syllable
            && syllable % Trails == 0
            && second - FirstTrail is > 0 and < Trails and var trail
        )
            return first + trail;
        return data.Compositions.TryGetValue((first, second), out var composed) ? composed : null;
    }

    private static Tables Read()
    {
        using var stream = typeof(CanonicalComposition).Assembly.GetManifestResourceStream("composition.txt")!;
        using var reader = new StreamReader(stream, Encoding.ASCII);
        Tables data = new([], [], []);
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#'))
                continue;
            int[] numbers = [.. line.Split(' ').Skip(1).Select(n => int.Parse(n, NumberStyles.HexNumber, CultureInfo.InvariantCulture))];
            if (line[0] == 'c')
            {
                for (var character = numbers[0]; character <= numbers[1]; character++)
                    data.Classes.Add(character, numbers[2]);
                continue;
            }

            data.Decompositions.Add(numbers[0], numbers[1..]);
            if (line[0] == 'd')
                data.Compositions.Add((numbers[1], numbers[2]), numbers[0]);
        }

        return data;
    }

    private sealed record Tables(
        Dictionary<int, int> Classes,
        Dictionary<int, int[]> Decompositions,
        Dictionary<(int First, int Second), int> Compositions
    )
    {
        public int ClassOf(int character) => Classes.GetValueOrDefault(character);
    }
}
