using AiMe.Nano.Kernels;
using AiMe.Nano.Lora;

namespace AiMe.Nano;

/// <summary>
/// The activations of one layer for a batch of rows. Inference reuses one, training keeps one a layer.
/// </summary>
internal sealed unsafe class LayerState
{
    private Block? _input,
        _inputInverse,
        _normed,
        _qkv,
        _attended,
        _middle,
        _middleInverse,
        _middleNormed,
        _gateUp,
        _hidden,
        _scores;
    private readonly Block?[] _low = new Block?[4];

    public float* Input => _input!.Start; // (rows, width)

    public float* InputInverse => _inputInverse!.Start; // (rows)

    public float* Normed => _normed!.Start; // (rows, width)

    public float* QueryKeyValue => _qkv!.Start; // (rows, QueryKeyValueWidth)

    public float* Attended => _attended!.Start; // (rows, QueryWidth)

    public float* Middle => _middle!.Start; // (rows, width): the stream after attention

    public float* MiddleInverse => _middleInverse!.Start; // (rows)

    public float* MiddleNormed => _middleNormed!.Start; // (rows, width)

    public float* GateUp => _gateUp!.Start; // (rows, 2 hidden)

    public float* Hidden => _hidden!.Start; // (rows, hidden)

    public float* Scores => _scores!.Start; // training: per sequence and head (n, ScoreRow(n)); inference: (RowBlock, ScoreRow(context))

    public float* Low(Site site) => _low[(int)site]!.Start; // with an adapter: (rows, AdapterPlace.Low)

    public void Reserve(NanoConfig config, int rows, long scores, Adapter? adapter = null)
    {
        long r = Packing.PaddedTo(rows, 16);
        _input = Block.AtLeast(_input, r * config.Width);
        _inputInverse = Block.AtLeast(_inputInverse, r);
        _normed = Block.AtLeast(_normed, r * config.Width);
        _qkv = Block.AtLeast(_qkv, r * config.QueryKeyValueWidth);
        _attended = Block.AtLeast(_attended, r * config.QueryWidth);
        _middle = Block.AtLeast(_middle, r * config.Width);
        _middleInverse = Block.AtLeast(_middleInverse, r);
        _middleNormed = Block.AtLeast(_middleNormed, r * config.Width);
        _gateUp = Block.AtLeast(_gateUp, r * 2 * config.Hidden);
        _hidden = Block.AtLeast(_hidden, r * config.Hidden);
        _scores = Block.AtLeast(_scores, scores);
        for (var site = 0; adapter is not null && site < _low.Length; site++)
            _low[site] = Block.AtLeast(_low[site], r * adapter.Layout.At(0, (Site)site).Low);
    }
}
