using System.CommandLine;
using AiMe.Console.Views;

namespace AiMe.Console.Commands;

/// <summary><c>aime show</c>: one instance on one page.</summary>
internal static class ShowCommand
{
    public static Command Create()
    {
        var instance = Common.InstanceArgument();
        var store = Common.StoreOption();
        var json = Common.JsonOption("The page as one JSON object");
        var command = new Command("show", "Show one instance on one page: who it is, how it changed, what it last lived") { instance, store, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var opened = Common.OpenReadOnly(parsed.GetRequiredValue(store));
            var (run, name) = await Common.InstanceAsync(opened, parsed.GetRequiredValue(instance), cancellationToken);
            var page = InstancePage.Of(run.Plan!.Run, name, run.Lives[name], await Lab.LifeReader.ReadAsync(opened.Journal, run, name, cancellationToken));
            if (parsed.GetValue(json))
                Terminal.Json(page.ToJson());
            else
                page.Write(parsed.GetRequiredValue(store));
            return ExitCode.Done;
        });
        return command;
    }
}
