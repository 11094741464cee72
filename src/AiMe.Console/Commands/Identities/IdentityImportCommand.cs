using System.CommandLine;
using AiMe.Lab.Experiments.Personas;

namespace AiMe.Console.Commands.Identities;

/// <summary><c>aime identity import</c>: makes a charter of a persona file.</summary>
internal static class IdentityImportCommand
{
    public static Command Create()
    {
        var persona = new Argument<string>("persona") { Description = "A persona in JSON, such as an agent file of TinyTroupe" };
        var file = WrittenText.OutOption();
        var command = new Command(
            "import",
            "Make a charter of a persona in JSON: its name, occupation, traits, likes, long-term goals, style and first belief. What the "
                + "charter does not take, and what it assumes, is said on standard error"
        )
        {
            persona,
            file,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var import = PersonaImport.Read(parsed.GetRequiredValue(persona));
                WrittenText.Report(import.Problems);
                await WrittenText.WriteAsync(import.Yaml!, parsed.GetValue(file), cancellationToken);
                foreach (var assumed in import.Assumed)
                    System.Console.Error.WriteLine($"assumed: {assumed}");
                if (!import.LeftOut.IsEmpty)
                    System.Console.Error.WriteLine($"left out: {string.Join(", ", import.LeftOut)}");
                return ExitCode.Done;
            }
        );
        return command;
    }
}
