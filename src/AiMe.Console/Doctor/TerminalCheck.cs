using System.Runtime.CompilerServices;
using AiMe.Console.Terminal;
using Spectre.Console;

namespace AiMe.Console.Doctor;

/// <summary>Reports the kind of standard output.</summary>
internal sealed class TerminalCheck : ICheck
{
    private const int Narrow = 80;

    /// <inheritdoc />
    public async IAsyncEnumerable<CheckResult> LookAsync(Subject subject, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var profile = TerminalWriter.Output.Profile;
        var unicode = profile.Capabilities.Unicode ? "Unicode" : "ASCII";
        if (System.Console.IsOutputRedirected)
            yield return new("terminal", Health.Good, $"redirected: plain text, {profile.Width} columns, {unicode}");
        else if (profile.Width < Narrow)
            yield return new(
                "terminal",
                Health.Warning,
                $"{profile.Width} columns, {Colour(profile)}, {unicode}",
                $"pages need at least {Narrow} columns: widen the window"
            );
        else
            yield return new("terminal", Health.Good, $"{profile.Width} columns, {Colour(profile)}, {unicode}");
        await Task.CompletedTask;
    }

    private static string Colour(Profile profile) => profile.Capabilities.ColorSystem == ColorSystem.NoColors ? "no colour" : "colour";
}
