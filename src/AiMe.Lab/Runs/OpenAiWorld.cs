using AiMe.Effects;
using AiMe.Kernel;
using AiMe.Models;
using AiMe.Models.OpenAi;

namespace AiMe.Lab;

/// <summary>A hosted model, made ready for an experiment: the effects over it. No request is made before a life asks for one.</summary>
public static class OpenAiWorld
{
    /// <summary>The server of a model, with the key from the environment.</summary>
    /// <param name="environment">The value of a variable, or null.</param>
    /// <exception cref="MissingKeyException">There is none; the message names the variable.</exception>
    public static OpenAiServer Connect(OpenAiModel model, Func<string, string?> environment, TimeProvider time) => OpenAiServer.Connect(
        new OpenAiOptions(new Uri(model.BaseUrl))
        {
            KeyVariable = model.KeyEnv == ModelReader.NoKey ? null : model.KeyEnv,
            Timeout = model.Timeout,
            Retries = model.Retries,
            LogProbabilities = model.LogProbabilities,
            OldTokenLimit = model.TokenLimit == "max_tokens",
            Dimensions = model.Dimensions,
        },
        environment,
        time);

    /// <summary>What the world does for the faculties.</summary>
    public static IEffects Effects(OpenAiModel model, OpenAiServer server, IBlobs blobs) =>
        new MindEffects(new OpenAiChat(server, model.Chat), new OpenAiEmbedder(server, model.Embeddings), new ScanIndex(), blobs, model.Samples);
}
