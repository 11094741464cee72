using System.Text;

namespace AiMe.Corpora;

/// <summary>Tidies an expansion: single spaces between words, a capital at the beginning of each sentence.</summary>
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
            // A colon begins a sentence too, because recalled exchanges have the form "Q: do you like tea?".
            begins = c is '.' or '?' or '!' or ':' || (begins && c == ' ');
        }

        return tidy.ToString().TrimEnd();
    }
}
