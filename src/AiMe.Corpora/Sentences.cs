using System.Text;

namespace AiMe.Corpora;

/// <summary>Makes an expansion read as written: one space between words, a capital where a sentence begins.</summary>
internal static class Sentences
{
    public static string Tidy(string text)
    {
        StringBuilder tidy = new(text.Length);
        bool begins = true;
        foreach (char c in text)
        {
            if (c == ' ' && (tidy.Length == 0 || tidy[^1] == ' '))
                continue;
            tidy.Append(begins ? char.ToUpperInvariant(c) : c);
            // A colon begins a sentence too: "Q: do you like tea?" is how an earlier exchange is recalled.
            begins = c is '.' or '?' or '!' or ':' || (begins && c == ' ');
        }

        return tidy.ToString().TrimEnd();
    }
}
