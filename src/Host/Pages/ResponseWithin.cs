using Microsoft.AspNetCore.Http.Features;

namespace ModularShop.Host.Pages;

/// <summary>An answer that is kept whole; who wants to act when it begins, or has ended, is told as by a server.</summary>
internal sealed class ResponseWithin : HttpResponseFeature, IAsyncDisposable
{
    private readonly Stack<(Func<object, Task> Act, object State)> _starting = new();
    private readonly Stack<(Func<object, Task> Act, object State)> _completed = new();
    private readonly Kept _kept;
    private bool _hasStarted;

    public ResponseWithin()
    {
        _kept = new Kept(this);
        BodyFeature = new StreamResponseBodyFeature(_kept);
    }

    public StreamResponseBodyFeature BodyFeature { get; }

    public override bool HasStarted => _hasStarted;

    public ReadOnlyMemory<byte> Written => _kept.Written;

    public override void OnStarting(Func<object, Task> callback, object state)
    {
        if (_hasStarted)
        {
            throw new InvalidOperationException("The answer has begun.");
        }

        _starting.Push((callback, state));
    }

    public override void OnCompleted(Func<object, Task> callback, object state) => _completed.Push((callback, state));

    public async Task EndAsync()
    {
        await BodyFeature.CompleteAsync();
        await StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        while (_completed.TryPop(out var next))
        {
            await next.Act(next.State);
        }

        BodyFeature.Dispose();
        await _kept.DisposeAsync();
    }

    private async ValueTask StartAsync()
    {
        while (!_hasStarted && _starting.TryPop(out var next))
        {
            await next.Act(next.State);
        }

        _hasStarted = true;
    }

    private sealed class Kept(ResponseWithin response) : Stream
    {
        /// <summary>Twice what the API answers at most.</summary>
        private const int MostBytes = 16 * 1024 * 1024;

        private readonly MemoryStream _bytes = new();

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => _bytes.Length;

        public override long Position
        {
            get => _bytes.Position;
            set => throw new NotSupportedException();
        }

        public ReadOnlyMemory<byte> Written => _bytes.GetBuffer().AsMemory(0, (int)_bytes.Length);

        public override void Flush()
        {
        }

        public override async Task FlushAsync(CancellationToken cancellationToken) => await response.StartAsync();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("Write asynchronously.");

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await response.StartAsync();
            if (_bytes.Length + buffer.Length > MostBytes)
            {
                throw new InvalidOperationException($"The answer is longer than {MostBytes} bytes.");
            }

            await _bytes.WriteAsync(buffer, cancellationToken);
        }

        protected override void Dispose(bool disposing)
        {
            _bytes.Dispose();
            base.Dispose(disposing);
        }
    }
}
