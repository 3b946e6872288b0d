import { Component, type ReactNode } from 'react';
import styles from './error-screen.module.css';

interface Props {
  readonly children: ReactNode;
}

interface State {
  readonly message: string | null;
}

/** If the page itself breaks, one plain sentence and a way back; the run is kept in the address and in this browser. */
export class ErrorScreen extends Component<Props, State> {
  override state: State = { message: null };

  static getDerivedStateFromError(error: unknown): State {
    return { message: error instanceof Error ? error.message : String(error) };
  }

  override render(): ReactNode {
    const { message } = this.state;
    if (message === null) return this.props.children;
    return (
      <main className={styles.screen}>
        <h1>The page made a mistake and stopped drawing.</h1>
        <p>
          Your scenario, your acts and the moment are kept. This is a bug of Millrace, not of Kafka: {message}
        </p>
        <button type="button" onClick={() => window.location.reload()}>
          Load the page again
        </button>
      </main>
    );
  }
}
