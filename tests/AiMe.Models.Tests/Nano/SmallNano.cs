using System.Security.Cryptography;
using AiMe.Models.Nano;
using AiMe.Nano;
using AiMe.Nano.Tokens;
using Microsoft.Extensions.AI;

namespace AiMe.Models.Tests.Nano;

/// <summary>An untrained model of the smallest shape behind the provider's ports: enough for everything but sense.</summary>
internal sealed class SmallNano
{
    public SmallNano()
    {
        string[] texts =
        [
            "I am small and I say what is true.",
            "What is the sea? The sea is deep and the sea is wide.",
            "I stayed calm. I notice the sea.",
        ];
        Tokenizer = Tokenizer.Train(texts, 320, NanoPrompt.Specials);
        Config = new NanoConfig(Tokenizer.VocabularySize, Width: 16, Layers: 1, Heads: 1, Hidden: 32, Context: 64);
        Base = Checkpoints.Put(Weights(seed: 7).ToSafetensors());
        Prompts = new NanoPrompt(Tokenizer, Config.Context);
        Provider = new NanoProvider(Models(), Prompts, Checkpoints);
    }

    public NanoConfig Config { get; }

    public Tokenizer Tokenizer { get; }

    public NanoPrompt Prompts { get; }

    public NanoProvider Provider { get; }

    public MemoryCheckpoints Checkpoints { get; } = new();

    public string Base { get; }

    public Weights Weights(ulong seed) => AiMe.Nano.Weights.Initialise(Config, seed);

    public NanoModels Models(int capacity = 64) => new(Config, Checkpoints, capacity);

    public static List<ChatMessage> Question(string text) =>
        [Parts.Message(Parts.Charter, "I am small."), Parts.Message(Parts.Stimulus, text)];

    internal sealed class MemoryCheckpoints : ICheckpoints
    {
        private readonly Dictionary<string, byte[]> _bytes = new(StringComparer.Ordinal);

        public int Loads { get; private set; }

        public Task<byte[]> LoadAsync(string id, CancellationToken cancellationToken)
        {
            Loads++;
            return Task.FromResult(_bytes[id]);
        }

        public Task<string> SaveAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
            Task.FromResult(Put(bytes.ToArray()));

        public string Put(byte[] bytes)
        {
            var id = Convert.ToHexStringLower(SHA256.HashData(bytes));
            _bytes[id] = bytes;
            return id;
        }
    }
}
