using System.CommandLine;
using AiMe.Lab;
using Spectre.Console;

namespace AiMe.Console.Commands;

/// <summary><c>aime validate</c>: everything that is wrong with an experiment and the files it names, at once.</summary>
internal static class ValidateCommand
{
    public static Command Create()
    {
        var experiment = Common.ExperimentArgument();
        var sets = Common.SetOption();
        var command = new Command("validate", "Check an experiment and every file that it names; nothing is run or written") { experiment, sets };
        command.SetAction(parsed =>
        {
            var loaded = Common.Load(parsed.GetRequiredValue(experiment), parsed.GetValue(sets), seed: null);
            NanoWorld.ReadCorpus(loaded); // the grammar is checked as a whole
            var m = loaded.Matrix;
            Terminal.Output.WriteLine($"{loaded.Source} is sound: {m.Instances} instances, {m.Cycles} experiences each, {m.Rounds} rounds; its run is {loaded.RunId}.");
            return ExitCode.Done;
        });
        return command;
    }
}
