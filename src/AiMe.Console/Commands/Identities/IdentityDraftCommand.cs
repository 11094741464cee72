using System.CommandLine;
using AiMe.Console.Output;
using AiMe.Lab.Experiments.Personas;

namespace AiMe.Console.Commands.Identities;

/// <summary><c>aime identity draft</c>: writes exchanges of a charter, to edit and to train on.</summary>
internal static class IdentityDraftCommand
{
    public static Command Create()
    {
        var charter = new Argument<string>("charter") { Description = "A charter file" };
        var file = WrittenText.OutOption();
        var command = new Command(
            "draft",
            "Write exchanges of a charter as JSON Lines: name, trade, traits, values, goals and voice, in several wordings, for you to "
                + "edit; the experiment's key identity.data names them. No model is needed, and the same charter gives the same lines"
        )
        {
            charter,
            file,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var path = parsed.GetRequiredValue(charter);
                var loaded = CharterLoading.Of(path);
                WrittenText.Report(loaded.Problems);
                var exchanges = IdentityDraft.Of(loaded.Charter!);
                var to = parsed.GetValue(file);
                await WrittenText.WriteAsync(string.Concat(exchanges.Select(e => IdentityDraft.LineOf(e) + "\n")), to, cancellationToken);
                System.Console.Error.WriteLine(
                    $"{Lines.Count(exchanges.Length, "exchange")} of {loaded.Charter!.Name}{(to is null ? "" : $", in {to}")}. Edit them, "
                        + $"and name the file in the experiment: identity: {{data: {to ?? "FILE"}}}"
                );
                return ExitCode.Done;
            }
        );
        return command;
    }
}
