using AiMe.Actors.Clustering;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Self;
using AiMe.Faculties.Tests;

namespace AiMe.Actors.Tests.Clustering;

/// <summary>Pieces of model work, and what comes of them.</summary>
internal static class ModelTasks
{
    /// <summary>An effect that travels.</summary>
    public static Effect Effect(int cycle) => new AppraiseAnswer(cycle, 1, $"answer {cycle}", Some.Charter, Some.Stimulus(cycle));

    /// <summary>Its answer.</summary>
    public static Command Answer(int cycle) => new AnswerGenerated(cycle, 1, [Some.Answer]);

    /// <summary>The work for an instance.</summary>
    public static ModelWork Work(string id, int cycle) => new(id, "kept-1", Effect(cycle));

    /// <summary>The bytes of an answer, which tell two of them apart.</summary>
    public static string BytesOf(Command answer) => System.Text.Encoding.UTF8.GetString(FacultyMessages.All.Answers.Write(answer));
}
